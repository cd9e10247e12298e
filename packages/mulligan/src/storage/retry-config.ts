import { checkKeys, checkNumber, type Duration, type ErrorCategory, factsOf } from '../kernel/index.ts';
import { type ErrorMatcher, exponential, type RetryOptions } from '../retry/index.ts';

/** What `retry` of `mulligan` takes besides, and the seed has no word for. */
type Extras =
  | 'unless'
  | 'timeout'
  | 'attemptTimeout'
  | 'budget'
  | 'signal'
  | 'name'
  | 'onRetry'
  | 'onExhausted'
  | 'onEvent'
  | 'nested'
  | 'world';

/** The storage seed's `RetryConfig`. */
export interface RetryConfig extends Pick<RetryOptions, Extras> {
  /** Tries **after** the first; 0 is none. @default 3 */
  readonly maxRetries?: number;
  /** The first wait. @default '1s' */
  readonly baseDelay?: Duration;
  /** No wait is longer, but for jitter: up to a quarter more. @default '60s' */
  readonly maxDelay?: Duration;
  /** By what each wait is multiplied. @default 2 */
  readonly exponentialBase?: number;
  /** Up to a quarter more or less, even above `maxDelay`. @default true */
  readonly jitter?: boolean;
  /** @default StorageConnectionError, failures of the connection, and time-outs */
  readonly retryableExceptions?: ErrorMatcher;
}

const connectionFailures: ReadonlySet<ErrorCategory> = new Set(['connect', 'dns', 'reset', 'timeout']);

/** What the seed retries by default. `StorageConnectionError` is of the category `connect`. */
function isConnectionFailure(error: unknown): boolean {
  return connectionFailures.has(factsOf(error).category);
}

const extras = {
  unless: true,
  timeout: true,
  attemptTimeout: true,
  budget: true,
  signal: true,
  name: true,
  onRetry: true,
  onExhausted: true,
  onEvent: true,
  nested: true,
  world: true,
} satisfies Record<Extras, true>;

const fields = ['maxRetries', 'baseDelay', 'maxDelay', 'exponentialBase', 'jitter', 'retryableExceptions'];
const known = [...fields, ...Object.keys(extras)];

/** The seed's configuration as options of `retry`, with waits of `min(baseDelay · exponentialBaseⁿ, maxDelay)` ± 25 %. */
export function optionsOf(config: RetryConfig): RetryOptions {
  checkKeys('RetryConfig', config, known);
  const { maxRetries = 3, baseDelay = '1s', maxDelay = '60s', exponentialBase = 2, jitter = true } = config;
  const { retryableExceptions = isConnectionFailure, ...rest } = config;
  const options = Object.entries(rest).filter(([name]) => name in extras);
  return {
    ...Object.fromEntries(options),
    on: retryableExceptions,
    attempts: checkNumber('maxRetries', maxRetries, { min: 0, whole: true }) + 1,
    backoff: exponential({
      initial: baseDelay,
      max: maxDelay,
      factor: exponentialBase,
      jitter: jitter ? { plusMinus: 0.25, mayExceedMax: true } : 'none',
    }),
  };
}
