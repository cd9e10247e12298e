import { checkKeys, checkOneOf, type Duration, InvalidOptionError, show, toMs } from 'mulligan';
import { BackoffStrategy } from './backoff-strategy.ts';
import type { RetryPolicyOptions } from './options.ts';

/** The ranges of the numbers of a policy; times in seconds, as the REST API takes them. Source: ProxyWhirl. */
export const policyRanges = {
  maxAttempts: { min: 1, max: 10 },
  baseDelay: { min: 0.1, max: 60 },
  multiplier: { min: 1.1, max: 10 },
  maxBackoffDelay: { min: 1, max: 300 },
  timeout: { min: 0.1, max: Number.POSITIVE_INFINITY },
} as const;

const known = Object.keys({
  maxAttempts: true,
  backoffStrategy: true,
  baseDelay: true,
  multiplier: true,
  maxBackoffDelay: true,
  jitter: true,
  retryStatusCodes: true,
  timeout: true,
  ifWaitDoesNotFit: true,
  retryNonIdempotent: true,
} satisfies Record<keyof RetryPolicyOptions, true>);

/** What a policy holds: its options, checked once and in one fixed shape; times in milliseconds. */
export class CheckedPolicy {
  readonly maxAttempts: number;
  readonly backoffStrategy: BackoffStrategy;
  readonly baseDelayMs: number;
  readonly multiplier: number;
  readonly maxBackoffDelayMs: number;
  readonly jitter: boolean | 'decorrelated';
  readonly retryStatusCodes: readonly number[];
  readonly timeoutMs: number | undefined;
  readonly ifWaitDoesNotFit: 'fail' | 'shorten';
  readonly retryNonIdempotent: boolean;

  /** The sentences of its errors hold those of ProxyWhirl. @throws {InvalidOptionError} for a value outside of its range */
  constructor(options: RetryPolicyOptions) {
    checkKeys('RetryPolicy', options, known);
    const { timeout = null } = options;
    this.maxAttempts = checkWhole('maxAttempts', options.maxAttempts ?? 3);
    this.backoffStrategy = checkStrategy(options.backoffStrategy ?? BackoffStrategy.EXPONENTIAL);
    this.baseDelayMs = checkSeconds('baseDelay', options.baseDelay ?? 1000);
    this.multiplier = checkRange('multiplier', options.multiplier ?? 2);
    this.maxBackoffDelayMs = checkSeconds('maxBackoffDelay', options.maxBackoffDelay ?? 30_000);
    this.jitter = checkJitter(options.jitter ?? false);
    this.retryStatusCodes = checkStatuses(options.retryStatusCodes ?? [502, 503, 504]);
    this.timeoutMs = timeout === null ? undefined : checkSeconds('timeout', timeout);
    this.ifWaitDoesNotFit = checkOneOf('ifWaitDoesNotFit', options.ifWaitDoesNotFit ?? 'fail', ['fail', 'shorten']);
    this.retryNonIdempotent = checkBoolean('retryNonIdempotent', options.retryNonIdempotent ?? false);
  }
}

type Ranged = keyof typeof policyRanges;

function checkRange(option: Ranged, value: unknown, shown: unknown = value): number {
  const { min, max } = policyRanges[option];
  if (typeof value !== 'number' || Number.isNaN(value)) throw bad(option, shown, 'Input should be a valid number');
  if (value < min) throw bad(option, shown, `Input should be greater than or equal to ${min}`);
  if (value > max) throw bad(option, shown, `Input should be less than or equal to ${max}`);
  return value;
}

function checkWhole(option: Ranged, value: unknown): number {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw bad(option, value, 'Input should be a valid integer, got a number with a fractional part');
  }
  return checkRange(option, value);
}

/** A time is checked in seconds, as its range is given. */
function checkSeconds(option: Ranged, value: Duration): number {
  const ms = toMs(value, option);
  checkRange(option, ms / 1000, typeof value === 'number' ? `${value} ms` : value);
  return ms;
}

function checkStrategy(value: unknown): BackoffStrategy {
  const strategies: readonly unknown[] = Object.values(BackoffStrategy);
  if (strategies.includes(value)) return value as BackoffStrategy;
  throw bad('backoffStrategy', value, `Input should be 'exponential', 'linear' or 'fixed'`);
}

function checkJitter(value: unknown): boolean | 'decorrelated' {
  return value === 'decorrelated' ? value : checkBoolean('jitter', value);
}

function checkBoolean(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw bad(option, value, 'Input should be a valid boolean');
}

/** ProxyWhirl's code takes 5xx only, its guide also 429: the statuses that pass by themselves are taken, too. */
function checkStatuses(value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw bad('retryStatusCodes', value, 'Input should be a valid list');
  const wrong = value.find((status: unknown) => !isRetryable(status));
  if (wrong === undefined) return Object.freeze([...new Set(value as number[])]);
  throw bad('retryStatusCodes', wrong, 'Status codes must be 5xx errors, 408, 425 or 429');
}

function isRetryable(status: unknown): boolean {
  if (!Number.isInteger(status)) return false;
  const code = status as number;
  return (code >= 500 && code <= 599) || code === 408 || code === 425 || code === 429;
}

function bad(option: string, value: unknown, sentence: string): InvalidOptionError {
  return new InvalidOptionError(option, value, `${option}: ${sentence}, got ${show(value)}`);
}
