import {
  checkKeys,
  checkOneOf,
  type Duration,
  type ErrorCategory,
  type EventListener,
  factsOf,
  type GiveUpReason,
  MulliganError,
} from '../kernel/index.ts';
import {
  type Backoff,
  exponential,
  type Jitter,
  type Ledger,
  linear,
  type RetryOptions,
  type TotalTimeout,
} from '../retry/index.ts';
import { lineListener, type LineLog, seconds } from './log-lines.ts';

/** ProxyWhirl's `RetryPolicy`, for functions of any kind; `@mulligan/proxy` has the one for requests through proxies. */
export interface ProxywhirlRetryPolicy {
  /** Tries in all. @default 3 */
  readonly maxAttempts?: number;
  /** How the waits grow. @default 'exponential' */
  readonly backoffStrategy?: 'exponential' | 'linear' | 'fixed';
  /** The first wait. @default '1s' */
  readonly baseDelay?: Duration;
  /** By what each exponential wait is multiplied. @default 2 */
  readonly multiplier?: number;
  /** No wait is longer. @default '30s' */
  readonly maxBackoffDelay?: Duration;
  /** `true`: up to half more or less, but never above the cap. @default false */
  readonly jitter?: boolean | 'decorrelated';
  /** The statuses to retry, where an error carries one. @default [502, 503, 504] */
  readonly retryStatusCodes?: readonly number[];
  /** Total time. No limit by default. */
  readonly timeout?: Duration;
  /** What to do when a wait does not fit into it: `'fail'` is the specification's answer, `'shorten'` the code's. @default 'fail' */
  readonly ifWaitDoesNotFit?: 'fail' | 'shorten';
}

const known = (
  'maxAttempts backoffStrategy baseDelay multiplier maxBackoffDelay jitter ' +
  'retryStatusCodes timeout ifWaitDoesNotFit'
).split(' ');
const strategies = ['exponential', 'linear', 'fixed'] as const;
const retryableFailures: ReadonlySet<ErrorCategory> = new Set(['connect', 'dns', 'reset', 'timeout']);

function retryPolicy(policy: ProxywhirlRetryPolicy = {}): RetryOptions {
  checkKeys('proxywhirl.retryPolicy', policy, known);
  const { maxAttempts = 3, retryStatusCodes = [502, 503, 504], timeout, ifWaitDoesNotFit = 'fail' } = policy;
  const limit = (total: Duration): TotalTimeout => ({
    total,
    ifWaitDoesNotFit,
    interrupt: false,
    check: 'before-attempt',
  });
  return Object.freeze({
    on: (error: unknown) =>
      retryableFailures.has(factsOf(error).category) || retryStatusCodes.includes(statusOf(error)),
    attempts: maxAttempts,
    backoff: backoffOf(policy),
    ...(timeout !== undefined && { timeout: limit(timeout) }),
    onExhausted: explain,
  });
}

function backoffOf(policy: ProxywhirlRetryPolicy): Backoff {
  const { backoffStrategy = 'exponential', baseDelay = '1s', multiplier = 2, maxBackoffDelay = '30s' } = policy;
  const jitter = jitterOf(policy.jitter ?? false);
  const shape = { initial: baseDelay, max: maxBackoffDelay, jitter };
  const strategy = checkOneOf('backoffStrategy', backoffStrategy, strategies);
  if (strategy === 'linear') return linear(shape);
  return exponential({ ...shape, factor: strategy === 'fixed' ? 1 : multiplier });
}

function jitterOf(jitter: boolean | 'decorrelated'): Jitter {
  if (jitter === 'decorrelated') return jitter;
  return jitter ? { plusMinus: 0.5 } : 'none';
}

function statusOf(error: unknown): number {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === 'number' ? status : 0;
}

const wrapped: ReadonlySet<GiveUpReason | undefined> = new Set(['attempts', 'deadline']);

/** The seed wraps the last error where it ran out of attempts or of time, and leaves others as they are. */
function explain(cause: unknown, { reason, attempts, durationMs }: Ledger): unknown {
  if (!wrapped.has(reason)) return cause;
  const tried = `Request failed after ${attempts} attempts`;
  const message = reason === 'deadline' ? `Request timeout after ${seconds(durationMs, 2)}s: ${tried}` : tried;
  return new MulliganError('MULLIGAN_PROXY_CONNECTION', message, { cause });
}

function logLines(log: LineLog): EventListener {
  return lineListener(log, {
    retry: ({ attempt, attempts, waitMs }) =>
      `Retry attempt ${attempt + 1}/${attempts} after ${seconds(waitMs, 2)}s delay`,
    failed: ({ name, attempts, reason, durationMs, error }) => {
      if (reason === 'attempts') return [`All ${attempts} retry attempts exhausted for request ${name}`];
      if (reason !== 'deadline')
        return [`Non-retryable error: ${error instanceof Error ? error.message : String(error)}`];
      return [`Request timeout exceeded (${seconds(durationMs, 2)}s) after ${attempts} attempts`];
    },
    succeeded: ({ attempts }) => `Request succeeded on attempt ${attempts}`,
  });
}

/** See {@link proxywhirl}. */
export interface ProxywhirlPreset {
  readonly retryPolicy: (policy?: ProxywhirlRetryPolicy) => RetryOptions;
  /** The settings of its breaker, for `circuitBreaker`: opens on 5 failures within 60 s, for 30 s. */
  readonly circuitBreaker: { readonly failures: 5; readonly window: '60s'; readonly openFor: '30s' };
  /** The seed's lines about one request; `@mulligan/proxy` writes those about proxies. */
  readonly logLines: (log: LineLog) => EventListener;
}

/**
 * ProxyWhirl's settings as options of `retry` and `circuitBreaker`.
 *
 * @example
 * const policy = pipeline(retry(proxywhirl.retryPolicy()), circuitBreaker(proxywhirl.circuitBreaker));
 *
 * @throws {MulliganError} `MULLIGAN_PROXY_CONNECTION`, whose cause is the last error, when attempts or time run out
 */
export const proxywhirl: ProxywhirlPreset = Object.freeze({
  retryPolicy,
  circuitBreaker: Object.freeze({ failures: 5, window: '60s', openFor: '30s' }),
  logLines,
});
