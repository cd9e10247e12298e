import { checkKeys, checkNumber, type Duration, type ErrorCategory, factsOf, type Policy } from '../../kernel/index.ts';
import { type ErrorMatcher, retry } from '../../retry/index.ts';
import { functionLog, type SessionLogger } from './log.ts';
import { seedBackoff } from './retry-session.ts';

const networkFailures: ReadonlySet<ErrorCategory> = new Set(['connect', 'dns', 'reset', 'timeout', 'protocol']);

/**
 * The failures of the network: no connection, no answer, an answer that breaks off. Statuses and rate limits are none.
 * A function and not a list, because in JavaScript classes cannot tell. Source: Fromager's `RETRYABLE_EXCEPTIONS`.
 */
export const RETRYABLE_ERRORS: (error: unknown) => boolean = (error) => {
  const { category, isTransient } = factsOf(error);
  return isTransient && networkFailures.has(category);
};

/** How {@link retryOnException} retries. */
export interface RetryOnExceptionOptions {
  /** Which errors. @default RETRYABLE_ERRORS */
  readonly exceptions?: ErrorMatcher;
  /** Tries in all. @default 5 */
  readonly maxAttempts?: number;
  /** The first wait, in seconds; each further one is twice as long. @default 1 */
  readonly backoffFactor?: number;
  /** No wait is longer. @default '60s' */
  readonly maxBackoff?: Duration;
  /** Gets a line for each retry and each failure, such as `console`. None by default. */
  readonly log?: SessionLogger;
}

/**
 * A policy for functions that may meet failures of the network: wraps a function, or decorates a method.
 * Source: Fromager's `retry_on_exception`.
 *
 * @example
 * const downloadMetadata = retryOnException({ maxAttempts: 3, maxBackoff: '30s' })(fetchMetadata);
 */
export function retryOnException(options: RetryOnExceptionOptions = {}): Policy {
  checkKeys('retryOnException', options, ['exceptions', 'maxAttempts', 'backoffFactor', 'maxBackoff', 'log']);
  const { exceptions = RETRYABLE_ERRORS, maxAttempts = 5, backoffFactor = 1, maxBackoff = '60s', log } = options;
  return retry({
    on: exceptions,
    attempts: checkNumber('maxAttempts', maxAttempts, { min: 1, whole: true }),
    backoff: seedBackoff(checkNumber('backoffFactor', backoffFactor, { min: 0 }), maxBackoff),
    ...(log === undefined ? {} : { onEvent: functionLog(log) }),
  });
}
