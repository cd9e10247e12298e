import { checkNumber, type Duration, type ErrorCategory, factsOf } from '../kernel/index.ts';
import { exponential, type Jitter, type RetryOptions } from '../retry/index.ts';

/** What the configurations of seeds 2 and 4 share. */
export interface Schedule {
  /** Tries **after** the first. */
  readonly maxRetries: number;
  readonly initial: Duration;
  readonly max: Duration;
  readonly exponentialBase: number;
  readonly jitter: Jitter;
}

/** Attempts and waits of a configuration that counts retries. */
export function schedule(given: Schedule): Required<Pick<RetryOptions, 'attempts' | 'backoff'>> {
  const { maxRetries, initial, max, exponentialBase: factor, jitter } = given;
  return {
    attempts: checkNumber('maxRetries', maxRetries, { min: 0, whole: true }) + 1,
    backoff: exponential({ initial, max, factor, jitter }),
  };
}

const connectionFailures: ReadonlySet<ErrorCategory> = new Set(['connect', 'dns', 'reset', 'timeout']);

/** What both retry by default. */
export function isConnectionFailure(error: unknown): boolean {
  return connectionFailures.has(factsOf(error).category);
}
