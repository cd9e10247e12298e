import { checkDuration, checkKeys, checkNumber, type Duration } from '../../kernel/index.ts';
import { type Backoff, exponential } from '../../retry/index.ts';
import { proxyFetch } from '../proxy/proxy-fetch.ts';
import { type Environment, processEnvironment, readSessionSettings } from './environment.ts';
import { environmentAuth, gitHubUrl } from './environment-auth.ts';
import type { Session, SessionOptions } from './options.ts';
import { createSession } from './session.ts';

/** How {@link createRetrySession} retries, in the words of Fromager. */
export interface RetrySessionConfig {
  /** Tries after the first: 8 retries are at most 9 requests. @default 5 */
  readonly retries?: number;
  /** The first wait, in seconds; each further one is twice as long, up to a minute. @default 1 */
  readonly backoffFactor?: number;
  /** Statuses to retry. @default 408, 429, 500, 502, 503 and 504 */
  readonly statuses?: Iterable<number>;
  /**
   * Methods that may be repeated although the request may have been processed.
   * @default those that the source repeats: GET, HEAD, OPTIONS, PUT, DELETE and POST. Leave POST out for servers where
   * doing a thing twice hurts.
   */
  readonly methods?: Iterable<string>;
  /** Throws when retrying a status is given up, in place of returning the response. @default false */
  readonly raiseOnStatus?: boolean;
}

const seedStatuses = [408, 429, 500, 502, 503, 504];
/** Its list lacks DELETE, which it repeats after a 5xx all the same. */
const seedMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST'];

/** `factor · 2^(retry-1)` seconds and up to a second more, at most `max`. Source: Fromager. */
export function seedBackoff(factorSeconds: number, max: Duration): Backoff {
  return exponential({ initial: factorSeconds * 1000, factor: 2, max, jitter: { add: 1000 } });
}

/**
 * Makes a session from Fromager's settings. Source: `create_retry_session`.
 * @param timeout of each attempt; a number is milliseconds
 * @param options everything else that `createSession` takes
 */
export function createRetrySession(
  config: RetrySessionConfig = {},
  timeout: Duration = '60s',
  options: Omit<SessionOptions, 'retry' | 'attemptTimeout' | keyof RetrySessionConfig> = {},
): Session {
  checkKeys('createRetrySession', config, ['retries', 'backoffFactor', 'statuses', 'methods', 'raiseOnStatus']);
  const { retries = 5, backoffFactor = 1, raiseOnStatus = false } = config;
  const [statuses, methods] = [[...(config.statuses ?? seedStatuses)], [...(config.methods ?? seedMethods)]];
  const attempts = checkNumber('retries', retries, { min: 0, whole: true }) + 1;
  const backoff = seedBackoff(checkNumber('backoffFactor', backoffFactor, { min: 0 }), '60s');
  const session = createSession({
    ...options,
    raiseOnStatus,
    statuses,
    methods,
    retry: { attempts, backoff },
    attemptTimeout: timeout,
  });
  options.log?.debug?.(
    `Retry configuration: ${retries} retries, backoff factor ${backoffFactor}, ` +
      `timeout ${checkDuration('timeout', timeout) / 1000}s, ` +
      `statuses ${statuses.join(' ')}, methods ${methods.join(' ')}`,
  );
  return session;
}

/** Options of {@link getRetrySession}. */
export type EnvironmentSessionOptions = Parameters<typeof createRetrySession>[2] & {
  /** @default the environment of this process */
  readonly env?: Environment;
};

/**
 * Makes a session as the environment wants it, read each time anew: `MULLIGAN_HTTP_RETRIES` (8),
 * `MULLIGAN_HTTP_BACKOFF_FACTOR` (1.5), `MULLIGAN_HTTP_TIMEOUT` (120, in seconds), or the same with `FROMAGER_`; tokens
 * as `environmentAuth` says, `GITHUB_TOKEN` among them.
 * @throws {InvalidOptionError} for a variable that is no number
 */
export function getRetrySession(options: EnvironmentSessionOptions = {}): Session {
  const { env = processEnvironment(), proxy, ...rest } = options;
  const { retries, backoffFactor, timeoutSeconds } = readSessionSettings(env);
  rest.log?.debug?.(`GITHUB_TOKEN ${env['GITHUB_TOKEN'] ? 'is set' : 'is not set'}`);
  const auth = environmentAuth(env);
  const github = { hosts: [new URL(env['GITHUB_API_URL'] ?? gitHubUrl).host] };
  return createRetrySession(
    { retries, backoffFactor },
    { seconds: timeoutSeconds },
    { auth, github, ...rest, ...through(proxy, env, rest.fetch) },
  );
}

type Way = Pick<SessionOptions, 'proxy' | 'fetch'>;

function through(proxy: Way['proxy'], env: Environment, fetch: Way['fetch']): Way {
  if (proxy === undefined) return {};
  return proxy === 'environment' && fetch === undefined ? { fetch: proxyFetch(proxy, env) } : { proxy };
}
