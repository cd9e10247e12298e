import { checkKeys, checkNumber, type Duration, type EventListener } from '../kernel/index.ts';
import { type ErrorMatcher, exponential, type RetryOptions } from '../retry/index.ts';
import { RETRYABLE_ERRORS } from '../http/index.ts';
import { inWords, lineListener, type LineLog, seconds } from './log-lines.ts';

/** How often and how patiently Fromager retries. */
export interface FromagerOptions {
  /** Which errors. @default RETRYABLE_ERRORS */
  readonly exceptions?: ErrorMatcher;
  /** Tries in all. @default 5 */
  readonly maxAttempts?: number;
  /** The first wait, in seconds; each further one is twice as long, and up to a second more. @default 1 */
  readonly backoffFactor?: number;
  /** No wait is longer. @default '60s' */
  readonly maxBackoff?: Duration;
}

function onException(options: FromagerOptions = {}): RetryOptions {
  checkKeys('fromager', options, ['exceptions', 'maxAttempts', 'backoffFactor', 'maxBackoff']);
  const { exceptions = RETRYABLE_ERRORS, maxAttempts = 5, backoffFactor = 1, maxBackoff = '60s' } = options;
  return {
    on: exceptions,
    attempts: checkNumber('maxAttempts', maxAttempts, { min: 1, whole: true }),
    backoff: exponential({
      initial: { seconds: checkNumber('backoffFactor', backoffFactor, { min: 0 }) },
      max: maxBackoff,
      jitter: { add: '1s' },
    }),
  };
}

/** `retries` counts tries after the first. */
function ofRetries(retries: number, backoffFactor: number): RetryOptions {
  const total = checkNumber('retries', retries, { min: 0, whole: true });
  return onException({ maxAttempts: total + 1, backoffFactor });
}

function logLines(log: LineLog): EventListener {
  return lineListener(log, {
    retry: ({ name, cause, waitMs, attempt, attempts }) =>
      `Function ${name} failed: ${inWords(cause)}. Retrying in ${seconds(waitMs, 1)} seconds (attempt ${attempt}/${attempts})`,
    failed: ({ name, error, attempts }) => [`Function ${name} failed after ${attempts} attempts: ${inWords(error)}`],
  });
}

/** See {@link fromager}. */
export interface FromagerPreset {
  /** `retry_on_exception`: 5 tries, waits of 1, 2, 4 … s and up to a second more, at most a minute. */
  readonly onException: (options?: FromagerOptions) => RetryOptions;
  /** The session's answer to a status of 5xx: `retries` (8) tries after the first, `backoffFactor` 1.5. */
  readonly status: (retries?: number, backoffFactor?: number) => RetryOptions;
  /** The session's answer to a failure of the network: as {@link status}, but the factor is always 1. */
  readonly network: (retries?: number) => RetryOptions;
  /** Downloads: 5 tries, factor 1.5, at most two minutes. */
  readonly download: RetryOptions;
  /** The lines of the decorator; `sessionLog` of `mulligan/http` writes those of the session. */
  readonly logLines: (log: LineLog) => EventListener;
}

/**
 * Fromager's settings as options of `retry`. `getRetrySession` and `createRetrySession` of `mulligan/http` are its
 * sessions.
 *
 * @example
 * const download = retry({ ...fromager.download, onEvent: fromager.logLines(console) })(fetchWheel);
 */
export const fromager: FromagerPreset = Object.freeze({
  onException,
  status: (retries = 8, backoffFactor = 1.5) => ofRetries(retries, backoffFactor),
  network: (retries = 8) => ofRetries(retries, 1),
  download: Object.freeze(onException({ backoffFactor: 1.5, maxBackoff: '2m' })),
  logLines,
});
