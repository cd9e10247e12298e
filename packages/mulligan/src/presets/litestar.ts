import { checkKeys, type Duration, type EventListener } from '../kernel/index.ts';
import type { ErrorMatcher, RetryOptions } from '../retry/index.ts';
import { inWords, lineListener, type LineLog, seconds } from './log-lines.ts';
import { isConnectionFailure, schedule } from './retry-config.ts';

/** The storage seed's `RetryConfig`. */
export interface LitestarRetryConfig {
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
  /** @default failures of the connection, and time-outs */
  readonly retryableExceptions?: ErrorMatcher;
}

const known = 'maxRetries baseDelay maxDelay exponentialBase jitter retryableExceptions'.split(' ');

function retryConfig(config: LitestarRetryConfig = {}): RetryOptions {
  checkKeys('litestar.retryConfig', config, known);
  const { maxRetries = 3, baseDelay = '1s', maxDelay = '60s', exponentialBase = 2, jitter = true } = config;
  return Object.freeze({
    on: config.retryableExceptions ?? isConnectionFailure,
    ...schedule({
      maxRetries,
      initial: baseDelay,
      max: maxDelay,
      exponentialBase,
      jitter: jitter ? { plusMinus: 0.25, mayExceedMax: true } : 'none',
    }),
  });
}

function logLines(log: LineLog): EventListener {
  return lineListener(log, {
    retry: ({ name, attempt, attempts, cause, waitMs }) =>
      `Retry attempt ${attempt}/${attempts - 1} for ${name} after ${seconds(waitMs, 2)}s: ${inWords(cause)}`,
    failed: ({ name, attempts, reason }) =>
      reason === 'attempts' ? [`All ${attempts - 1} retries exhausted for ${name}`] : [],
  });
}

/** See {@link litestar}. */
export interface LitestarPreset {
  readonly retryConfig: (config?: LitestarRetryConfig) => RetryOptions;
  /** The seed's lines. */
  readonly logLines: (log: LineLog) => EventListener;
}

/**
 * The storage seed's settings as options of `retry`.
 *
 * @example
 * const upload = retry(litestar.retryConfig({ maxRetries: 5, baseDelay: '0.5s' }))(storage.put);
 */
export const litestar: LitestarPreset = Object.freeze({ retryConfig, logLines });
