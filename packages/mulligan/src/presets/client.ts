import { checkKeys, type Duration, type EventListener } from '../kernel/index.ts';
import type { ErrorMatcher, RetryOptions } from '../retry/index.ts';
import { inWords, lineListener, type LineLog, seconds } from './log-lines.ts';
import { isConnectionFailure, schedule } from './retry-config.ts';

/** Seed 2's `RetryConfig`. */
export interface ClientRetryConfig {
  /** Tries **after** the first. @default 3 */
  readonly maxRetries?: number;
  /** The first wait. @default '1s' */
  readonly initialDelay?: Duration;
  /** No wait is longer. @default '60s' */
  readonly maxDelay?: Duration;
  /** By what each wait is multiplied. @default 2 */
  readonly exponentialBase?: number;
  /** Full jitter: anything from nothing to the wait. @default true */
  readonly jitter?: boolean;
  /** @default failures of the connection, time-outs and errors of the operating system */
  readonly retryableExceptions?: ErrorMatcher;
  /** Never retried; wins over `retryableExceptions`. */
  readonly fatalExceptions?: ErrorMatcher;
}

/** `ConnectionError`, `TimeoutError` and `OSError`, as far as JavaScript knows them. */
function isConnectionOrSystemFailure(error: unknown): boolean {
  const isOfSystem = error instanceof Error && 'errno' in error && 'syscall' in error;
  return isOfSystem || isConnectionFailure(error);
}

const known = 'maxRetries initialDelay maxDelay exponentialBase jitter retryableExceptions fatalExceptions'.split(' ');

function retryConfig(config: ClientRetryConfig = {}): RetryOptions {
  checkKeys('client.retryConfig', config, known);
  const { maxRetries = 3, initialDelay = '1s', maxDelay = '60s', exponentialBase = 2, jitter = true } = config;
  const { retryableExceptions = isConnectionOrSystemFailure, fatalExceptions } = config;
  return Object.freeze({
    on: retryableExceptions,
    ...(fatalExceptions !== undefined && { unless: fatalExceptions }),
    ...schedule({
      maxRetries,
      initial: initialDelay,
      max: maxDelay,
      exponentialBase,
      jitter: jitter ? 'full' : 'none',
    }),
  });
}

function logLines(log: LineLog): EventListener {
  return lineListener(log, {
    retry: ({ name, attempt, attempts, cause, waitMs }) =>
      `${name}: Attempt ${attempt}/${attempts} failed: ${inWords(cause)}. Retrying in ${seconds(waitMs, 2)}s...`,
    failed: ({ name, attempts, reason, error }) =>
      reason === 'attempts'
        ? [
            `${name}: Max retries (${attempts - 1}) exceeded`,
            `${name}: All retry attempts failed. Last exception: ${inWords(error)}`,
          ]
        : [`${name}: Fatal exception, not retrying: ${inWords(error)}`],
    succeeded: ({ name, attempts }) => `${name}: Succeeded on attempt ${attempts}`,
  });
}

/** See {@link client}. */
export interface ClientPreset {
  readonly retryConfig: (config?: ClientRetryConfig) => RetryOptions;
  /** 3 retries, from 0.5 s to 10 s. */
  readonly fastApi: RetryOptions;
  /** 3 retries, from 1 s to 30 s. */
  readonly database: RetryOptions;
  /** 3 retries, from 1 s to 30 s. */
  readonly vectorSearch: RetryOptions;
  /** 2 retries, from 2 s to 60 s. */
  readonly llm: RetryOptions;
  /** 5 retries, from 5 s to 120 s. */
  readonly batch: RetryOptions;
  /** What the seed's generation client itself uses: 2 retries, from 0.5 s to 10 s. */
  readonly generation: RetryOptions;
  /** The seed's lines, `Succeeded on attempt N` included. */
  readonly logLines: (log: LineLog) => EventListener;
}

/**
 * Seed 2's settings as options of `retry`, with its table of recommendations.
 *
 * @example
 * const search = retry({ ...client.vectorSearch, onEvent: client.logLines(console) })(store.search);
 */
export const client: ClientPreset = Object.freeze({
  retryConfig,
  fastApi: retryConfig({ initialDelay: '0.5s', maxDelay: '10s' }),
  database: retryConfig({ maxDelay: '30s' }),
  vectorSearch: retryConfig({ maxDelay: '30s' }),
  llm: retryConfig({ maxRetries: 2, initialDelay: '2s' }),
  batch: retryConfig({ maxRetries: 5, initialDelay: '5s', maxDelay: '120s' }),
  generation: retryConfig({ maxRetries: 2, initialDelay: '0.5s', maxDelay: '10s' }),
  logLines,
});
