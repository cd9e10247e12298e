import type { BreakerSettings, Duration, EventListener, Keyed, RetryBudget, World } from 'mulligan';
import type { DialTimers, DialTls } from '../dial/index.ts';
import type { RetryMetricsOptions } from '../metrics/index.ts';
import type { RetryPolicy, RetryPolicyOptions } from '../policy/index.ts';
import type { ProxySettings } from '../pool/index.ts';
import type { SelectorOptions } from '../select/index.ts';
import type { ProxyEvent } from './proxy-event.ts';
import type { WaitBetweenProxies } from './request.ts';

/** Options of `ProxyRotator`. Every one has a default. */
export interface RotatorOptions extends Omit<SelectorOptions, 'world'> {
  readonly proxies?: Iterable<string | ProxySettings>;
  /** Uses no proxies: every attempt goes straight to the target. @default false */
  readonly direct?: boolean;
  /** @default three attempts, waits of 1 s and 2 s */
  readonly retryPolicy?: RetryPolicy | RetryPolicyOptions;
  /** The settings of every proxy's breaker. @default five failures in 60 s open it for 30 s */
  readonly circuitBreaker?: BreakerSettings;
  /** How many retries the requests to one target may make together; `null` for any number. @default `retryBudget()` */
  readonly budget?: Keyed<RetryBudget> | null;
  /**
   * Whether a retry that goes to another proxy waits as the policy says, or not at all where no connection came about,
   * so that nobody would be relieved by waiting. @default 'policy'
   */
  readonly waitBetweenProxies?: WaitBetweenProxies;
  /** How long a proxy and a target rest from each other after a ban that does not say how long. @default '60s' */
  readonly rest?: Duration;
  /** The time of one attempt of `fetch` up to the head of its response. @default '30s' */
  readonly attemptTimeout?: Duration;
  readonly metrics?: Omit<RetryMetricsOptions, 'world'>;
  /** How `fetch` connects. */
  readonly dial?: RotatorDialOptions;
  readonly onEvent?: EventListener<ProxyEvent>;
  /** @default systemWorld */
  readonly world?: World;
}

/** How `fetch` connects. */
export interface RotatorDialOptions {
  readonly timers?: Partial<DialTimers>;
  /** How the certificates of `https:` proxies are checked. */
  readonly tls?: DialTls;
  /** How the certificates of `https:` targets are checked. */
  readonly targetTls?: DialTls;
}

/** Every name of {@link RotatorOptions}; a test compares it with the type. */
export const rotatorOptionNames: readonly (keyof RotatorOptions)[] = [
  'proxies',
  'direct',
  'retryPolicy',
  'circuitBreaker',
  'strategy',
  'retryStrategy',
  'sessionTtl',
  'maxSessions',
  'budget',
  'waitBetweenProxies',
  'rest',
  'attemptTimeout',
  'metrics',
  'dial',
  'onEvent',
  'world',
];
