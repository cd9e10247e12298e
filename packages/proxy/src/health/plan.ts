import { checkDuration, checkKeys, checkNumber, type Duration, InvalidOptionError } from 'mulligan';
import type { CheckOptions } from '../rotator/index.ts';

/** Options of `HealthMonitor`. Every one has a default. */
export interface HealthOptions extends CheckOptions {
  /** How often a proxy is checked that no request has used in that time. @default '1m' */
  readonly interval?: Duration;
  /** How long after its first failed check a proxy is checked again; twice as long after each further one. @default '30s' */
  readonly deadInterval?: Duration;
  /** The longest wait between checks of a proxy that does not work. @default '1h' */
  readonly maxDeadInterval?: Duration;
  /** How many checks run at the same time. @default 10 */
  readonly concurrency?: number;
}

/** {@link HealthOptions}, checked once and in one fixed shape. Times in milliseconds. */
export interface HealthSettings {
  /** `undefined` where only a connection to the proxy is made. */
  readonly url: string | undefined;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly deadMs: number;
  readonly maxDeadMs: number;
  readonly concurrency: number;
}

const optionNames = Object.keys({
  url: true,
  timeout: true,
  interval: true,
  deadInterval: true,
  maxDeadInterval: true,
  concurrency: true,
} satisfies Record<keyof HealthOptions, true>);

/** Checks the options once. @throws {InvalidOptionError} in a sentence */
export function planHealth(options: HealthOptions): HealthSettings {
  checkKeys('HealthMonitor', options, optionNames);
  const { url, timeout = '10s', interval = '1m', deadInterval = '30s', maxDeadInterval = '1h' } = options;
  return {
    url: url === undefined ? undefined : checkUrl(String(url)),
    timeoutMs: checkDuration('timeout', timeout, 1),
    intervalMs: checkDuration('interval', interval, 100),
    deadMs: checkDuration('deadInterval', deadInterval, 100),
    maxDeadMs: checkDuration('maxDeadInterval', maxDeadInterval, 100),
    concurrency: checkNumber('concurrency', options.concurrency ?? 10, { min: 1, whole: true }),
  };
}

/** Neither credentials nor a query may be shown: what is wrong is told without the address. */
function checkUrl(url: string): string {
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : {};
  if (/^https?:$/u.test(protocol ?? '') && !username && !password) return url;
  throw new InvalidOptionError('url', undefined, 'url must be an http or https address without credentials');
}
