import type { Duration, EventListener, RetryBudget, RetryScheduledEvent, World, WrapOptions } from '../kernel/index.ts';
import type { ErrorMatcher, ValuePredicate } from './advice.ts';
import type { Backoff, BackoffFunction } from './backoff.ts';
import type { WaitFit } from './decide.ts';
import type { Ledger } from './ledger.ts';
import type { Nesting } from './nested.ts';

/** The total time of a call, in detail. */
export interface TotalTimeout {
  readonly total: Duration;
  /**
   * Whether the moment itself ends a running attempt or wait. Default true. `false`: the limit is only looked at
   * where `check` says.
   */
  readonly interrupt?: boolean;
  /**
   * When the next wait is longer than what is left: give up at once (`'fail'`, the default), wait only for what is
   * left (`'shorten'`), or wait all the same (`'overrun'`, which implies `interrupt: false`).
   */
  readonly ifWaitDoesNotFit?: WaitFit;
  /** With `interrupt: false`: look at the limit after each failure (default), or also before each attempt. */
  readonly check?: 'after-failure' | 'before-attempt';
}

/** Called for each scheduled retry, before the wait; may return a Disposable, disposed right before the next attempt. */
export type OnRetry = (event: RetryScheduledEvent) => Disposable | void;

/** The options of `retry`. Every one has a default. `T` is what {@link RetryOptions.onResult} looks at. */
export interface RetryOptions<T = unknown> extends WrapOptions {
  /**
   * Which errors to retry: an error class, several, or a function that returns true, false, or a duration, which is
   * an exact wait for that retry. An error with a `retryAfterMs` is never retried earlier than that.
   * @default isTransient
   */
  readonly on?: ErrorMatcher;
  /** Which errors never to retry, in the same forms; wins over `on`. */
  readonly unless?: ErrorMatcher;
  /** Which values to retry, such as an empty page. When the attempts are used up, the last value is returned. */
  readonly onResult?: ValuePredicate<T>;
  /** How many tries in all, the first included; `Infinity` for no limit. @default 3 */
  readonly attempts?: number;
  /**
   * Total time of the call, waits included. At that moment the running attempt's signal aborts, and the call rejects
   * with a `TimeoutError`. A wait that cannot fit gives up at once, with the last error. No limit by default.
   */
  readonly timeout?: Duration | TotalTimeout;
  /** Time of one attempt; its end is a retryable `TimeoutError`. No limit by default. */
  readonly attemptTimeout?: Duration;
  /** The waits between attempts. @default exponential() */
  readonly backoff?: Backoff | BackoffFunction;
  /** A budget shared with other calls; when it is spent, the call gives up with the last error. None by default. */
  readonly budget?: RetryBudget;
  /** The caller's abort: ends a wait or an attempt at once, and is never retried. */
  readonly signal?: AbortSignal;
  /** For logs, metrics and errors. @default the function's name */
  readonly name?: string;
  /** Called for each scheduled retry, before its wait. What it throws never reaches the call. */
  readonly onRetry?: OnRetry;
  /** What to throw when the call is given up. @default the last error, the same object */
  readonly onExhausted?: 'rethrow' | ((error: unknown, ledger: Ledger) => unknown);
  /**
   * Lets this retry and the ones inside of its attempts know of each other. Their ledgers then stand in this one's, and
   * once they may make more than 10 attempts together, there is an event `retry.nested`. `'collapse'`: a retry inside of
   * another one makes a single attempt; the retries inside of it do so, too, unless they say otherwise.
   *
   * Off by default, because it costs: once any retry of the process asks for it, `AsyncLocalStorage` follows all
   * promises, and on Node 20 each `await` takes three times as long. Without effect on platforms that have none.
   */
  readonly nested?: Nesting;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time and chance come from. @default systemWorld */
  readonly world?: World;
}

/** The defaults of {@link RetryOptions} that are plain values. */
export const retryDefaults: { readonly attempts: number } = Object.freeze({ attempts: 3 });
