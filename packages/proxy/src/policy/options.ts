import type { Duration } from 'mulligan';
import type { BackoffStrategy } from './backoff-strategy.ts';

/** The options of a `RetryPolicy`. Every one has a default. Source: ProxyWhirl. */
export interface RetryPolicyOptions {
  /** How many tries in all, the first included, from 1 to 10. @default 3 */
  readonly maxAttempts?: number;
  /** How the waits grow. @default 'exponential' */
  readonly backoffStrategy?: BackoffStrategy;
  /** The first wait, from 0.1 s to 60 s. @default '1s' */
  readonly baseDelay?: Duration;
  /** By what each exponential wait is multiplied, from 1.1 to 10. @default 2 */
  readonly multiplier?: number;
  /** No wait is longer; from 1 s to 300 s. @default '30s' */
  readonly maxBackoffDelay?: Duration;
  /**
   * Chance in the waits: `true` is up to half more or less, never above `maxBackoffDelay`; `'decorrelated'` is from
   * `baseDelay` to three times the wait before (AWS). @default false
   */
  readonly jitter?: boolean | 'decorrelated';
  /** The statuses that are worth another try: 5xx, 408, 425 and 429. @default [502, 503, 504] */
  readonly retryStatusCodes?: readonly number[];
  /** The time of the whole request, waits included, at least 0.1 s; `null` for no limit. @default null */
  readonly timeout?: Duration | null;
  /**
   * What becomes of a wait that does not fit into `timeout`: `'fail'` gives up at once, as ProxyWhirl's specification
   * says, `'shorten'` when the time is over, as its code does. @default 'fail'
   */
  readonly ifWaitDoesNotFit?: 'fail' | 'shorten';
  /** Whether to retry methods such as POST and PATCH, which may then be processed twice. @default false */
  readonly retryNonIdempotent?: boolean;
}
