import type { BreakerSettings, Duration, EventListener, Keyed, RetryBudget, World } from 'mulligan';
import type { DialTimers, DialTls } from '../dial/index.ts';
import type { RetryMetricsOptions } from '../metrics/index.ts';
import type { BanRule, RetryPolicy, RetryPolicyOptions } from '../policy/index.ts';
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
  /** How targets show that they do not want a proxy: it then rests for that target, and another one is tried. */
  readonly bans?: readonly BanRule[];
  /** The time of one attempt of `fetch` up to the head of its response. @default '30s' */
  readonly attemptTimeout?: Duration;
  readonly metrics?: RotatorMetricsOptions;
  /** How `fetch` connects. */
  readonly dial?: RotatorDialOptions;
  readonly onEvent?: EventListener<ProxyEvent>;
  /** @default systemWorld */
  readonly world?: World;
}

/** What is counted, and where it is kept. */
export interface RotatorMetricsOptions extends Omit<RetryMetricsOptions, 'world'> {
  /**
   * A SQLite file that keeps the sums by the hour beyond the process, until {@link RotatorMetricsOptions.retentionHours}
   * are over. Only where Node has `node:sqlite`. Without it nothing is kept.
   */
  readonly file?: string;
}

/** How `fetch` connects. */
export interface RotatorDialOptions {
  readonly timers?: Partial<DialTimers>;
  /** How the certificates of `https:` proxies are checked. */
  readonly tls?: DialTls;
  /** How the certificates of `https:` targets are checked. */
  readonly targetTls?: DialTls;
}

/** Every name of {@link RotatorOptions}. */
export const rotatorOptionNames: readonly string[] = Object.keys({
  proxies: true,
  direct: true,
  retryPolicy: true,
  circuitBreaker: true,
  strategy: true,
  retryStrategy: true,
  sessionTtl: true,
  maxSessions: true,
  budget: true,
  waitBetweenProxies: true,
  rest: true,
  bans: true,
  attemptTimeout: true,
  metrics: true,
  dial: true,
  onEvent: true,
  world: true,
} satisfies Record<keyof RotatorOptions, true>);
