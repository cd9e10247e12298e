import {
  type AttemptContext,
  checkDuration,
  checkFunction,
  checkKeys,
  checkNumber,
  checkOneOf,
  formatMs,
  InvalidOptionError,
  isMulliganError,
  isTransient,
  Reporter,
  resolveErrorFilter,
  type RetryBudget,
  show,
  systemWorld,
  type TimeLimit,
  type World,
} from '../kernel/index.ts';
import { type Advice, adviser, type ValuePredicate, withHint } from './advice.ts';
import { type Backoff, exponential, resolveBackoff } from './backoff.ts';
import type { Ledger } from './ledger.ts';
import type { Nesting } from './nested.ts';
import { type OnRetry, retryDefaults, type RetryOptions } from './options.ts';
import { limitOf, planTotal, type TotalLimit } from './total.ts';

/** {@link RetryOptions}, checked once and in one fixed shape: what the drivers read. */
export interface RetryPlan {
  readonly attempts: number;
  readonly backoff: Backoff;
  /** The wait after attempt 1, without jitter: asked for by every call. */
  readonly firstWaitMs: number;
  readonly total: TotalLimit | undefined;
  readonly attemptLimit: TimeLimit | undefined;
  readonly adviseOnError: (error: unknown, context: AttemptContext) => Advice;
  readonly adviseOnValue: ((value: unknown, context: AttemptContext) => Advice) | undefined;
  readonly budget: RetryBudget | undefined;
  readonly signal: AbortSignal | undefined;
  readonly name: string | undefined;
  readonly onRetry: OnRetry | undefined;
  readonly onExhausted: ((error: unknown, ledger: Ledger) => unknown) | undefined;
  readonly nested: Nesting | undefined;
  readonly reporter: Reporter;
  readonly world: World;
  /** Whether somebody wants to know how long attempt 1 took: without, a call that succeeds at once reads no clock. */
  readonly isTimed: boolean;
}

const known = Object.keys({
  on: true,
  unless: true,
  onResult: true,
  attempts: true,
  timeout: true,
  attemptTimeout: true,
  backoff: true,
  budget: true,
  signal: true,
  name: true,
  onRetry: true,
  onExhausted: true,
  onEvent: true,
  nested: true,
  passContext: true,
  world: true,
} satisfies Record<keyof RetryOptions, true>);

const defaultBackoff = exponential();

/** Checks the options and answers what is wrong with them in sentences. */
export function planRetry<T>(options: RetryOptions<T> = {}): RetryPlan {
  checkKeys('retry', options, known);
  const { world = systemWorld, attempts = retryDefaults.attempts, onExhausted = 'rethrow' } = options;
  const { budget, onRetry, onEvent } = options;
  const total = planTotal(options.timeout, world);
  const attemptMs = optional(options.attemptTimeout, (value) => checkDuration('attemptTimeout', value, 1));
  checkAttemptFits(attemptMs, total);
  const backoff = options.backoff === undefined ? defaultBackoff : resolveBackoff(options.backoff);
  return {
    attempts: checkNumber('attempts', attempts, { min: 1, whole: true }),
    backoff,
    firstWaitMs: backoff.nominalMs(1),
    total,
    attemptLimit: attemptMs === undefined ? undefined : limitOf(world, attemptMs, 'attempt'),
    adviseOnError: errorAdviser(options),
    adviseOnValue: optional(options.onResult as ValuePredicate | undefined, (accept) =>
      adviser('onResult', checkFunction('onResult', accept)),
    ),
    budget,
    signal: options.signal,
    name: options.name,
    onRetry: optional(onRetry, (hook) => checkFunction('onRetry', hook)),
    onExhausted: onExhausted === 'rethrow' ? undefined : checkReplacement(onExhausted),
    nested: optional(options.nested, (nested) => checkOneOf('nested', nested, ['allow', 'collapse'])),
    reporter: new Reporter(onEvent),
    world,
    isTimed:
      total !== undefined ||
      attemptMs !== undefined ||
      budget !== undefined ||
      onRetry !== undefined ||
      onEvent !== undefined ||
      onExhausted !== 'rethrow',
  };
}

function optional<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value);
}

function checkAttemptFits(attemptMs: number | undefined, total: TotalLimit | undefined): void {
  if (attemptMs === undefined || total?.interrupt === undefined || attemptMs < total.totalMs) return;
  const message = `attemptTimeout (${formatMs(attemptMs)}) must be shorter than timeout (${formatMs(total.totalMs)}), or it can never end an attempt`;
  throw new InvalidOptionError('attemptTimeout', attemptMs, message);
}

function checkReplacement<F>(onExhausted: F): F {
  if (typeof onExhausted === 'function') return onExhausted;
  const message = `onExhausted must be 'rethrow' or a function, got ${show(onExhausted)}`;
  throw new InvalidOptionError('onExhausted', onExhausted, message);
}

function errorAdviser({ on = isTransient, unless }: Pick<RetryOptions, 'on' | 'unless'>): RetryPlan['adviseOnError'] {
  const accepts = adviser('on', resolveErrorFilter('on', on));
  const refuses = optional(unless, (filter) => adviser('unless', resolveErrorFilter('unless', filter)));
  return (error, context) => {
    if (isMisuse(error)) return { retry: false };
    if (isMulliganError(error, 'MULLIGAN_BODY_NOT_REPLAYABLE')) return { retry: false, reason: 'body-not-replayable' };
    if (refuses?.(error, context).retry === true) return { retry: false, reason: 'fatal' };
    return withHint(accepts(error, context), error);
  };
}

/** Whatever `on` says: another attempt would make the same mistake. */
function isMisuse(error: unknown): boolean {
  return isMulliganError(error, 'MULLIGAN_NOT_ASYNC') || isMulliganError(error, 'MULLIGAN_NOT_SYNC');
}
