import type { Duration, ErrorFilter, EventListener, World } from '../kernel/index.ts';

/** The last so many calls, in place of a length of time. */
export interface CallCountWindow {
  readonly calls: number;
}

/** An open time that grows each time the breaker opens again without having closed. */
export interface GrowingOpenFor {
  /** The first time. */
  readonly initial: Duration;
  /** How many times longer each further time is. @default 2 */
  readonly factor?: number;
  /** The longest. */
  readonly max: Duration;
  /** What share of a time is left to chance, from 0 to 1: clients must not all test at the same moment. @default 0 */
  readonly jitter?: number;
}

/**
 * How long a breaker stays open: `openings` is how many times it has opened without closing in between, from 1;
 * `cause` is the error that opened it, where there is one.
 */
export type OpenForFunction = (openings: number, cause: unknown) => Duration;

/** How a breaker tests whether the other side is well again. */
export interface HalfOpenSettings {
  /** How many calls may test at the same time. All others are refused. @default 1 */
  readonly permits?: number;
  /** How many tests must succeed before the breaker closes. One that fails opens it again. @default 1 */
  readonly successes?: number;
  /** After this long the permit of a test that has not ended is free again. @default '30s' */
  readonly maxWait?: Duration;
}

/** What decides when a breaker opens and closes; all of it can be changed at run time with `configure`. */
export interface BreakerSettings {
  /**
   * Opens at this many failures within `window`; a success does not take any away, except with `'consecutive'`.
   * @default 5, unless a rate is given (source: ProxyWhirl)
   */
  readonly failures?: number;
  /** Opens when this share of the calls within `window` failed, above 0 and up to 1. No such rule by default. */
  readonly failureRate?: number;
  /** Opens when this share of the calls within `window` was slow, above 0 and up to 1. No such rule by default. */
  readonly slowCallRate?: number;
  /** A call that takes longer than this is slow. @default '60s' with `slowCallRate` (source: resilience4j) */
  readonly slowCall?: Duration;
  /** With fewer calls than this in the window a rate means nothing. @default 20, or the window if that is smaller */
  readonly minimumCalls?: number;
  /**
   * What is counted: the calls of the last so long, the last so many calls, or failures in a row. With a rate, a
   * window of time moves on in tenths of its length.
   * @default '60s' (source: ProxyWhirl); '30s' with a rate (source: Polly)
   */
  readonly window?: Duration | CallCountWindow | 'consecutive';
  /** How long it stays open before it tests the other side again. @default '30s' (source: ProxyWhirl) */
  readonly openFor?: Duration | GrowingOpenFor | OpenForFunction;
  readonly halfOpen?: HalfOpenSettings;
  /**
   * Which errors are failures of the other side: an error class, several, or a function. Any other error says nothing
   * about the other side, and neither does a call that the caller aborts.
   * @default every error except aborts, refusals of other policies, wrong arguments and HTTP answers that are no fault
   * of the server's
   */
  readonly on?: ErrorFilter;
  /** Which errors are no failures, in the same forms; wins over `on`. */
  readonly unless?: ErrorFilter;
  /** Which values are failures, such as a response with status 503. @default none */
  readonly isFailure?: (value: never) => boolean;
}

/** The options of `circuitBreaker`. Every one has a default. */
export interface CircuitBreakerOptions extends BreakerSettings {
  /** For events, errors and metrics. @default 'circuitBreaker' */
  readonly name?: string;
  /** Listens to the events of this breaker only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time and chance come from. @default systemWorld */
  readonly world?: World;
}

/** The defaults of {@link CircuitBreakerOptions} that are plain values; times in milliseconds. */
export interface BreakerDefaults {
  readonly name: string;
  readonly failures: number;
  readonly windowMs: number;
  readonly rateWindowMs: number;
  readonly minimumCalls: number;
  readonly slowCallMs: number;
  readonly openForMs: number;
  readonly permits: number;
  readonly successes: number;
  readonly maxWaitMs: number;
  readonly maxKeys: number;
}

/** See {@link BreakerDefaults}. */
export const breakerDefaults: BreakerDefaults = Object.freeze({
  name: 'circuitBreaker',
  failures: 5,
  windowMs: 60_000,
  rateWindowMs: 30_000,
  minimumCalls: 20,
  slowCallMs: 60_000,
  openForMs: 30_000,
  permits: 1,
  successes: 1,
  maxWaitMs: 30_000,
  maxKeys: 10_000,
});
