import {
  type AttemptContext,
  type Duration,
  type ErrorClass,
  type GiveUpReason,
  InvalidOptionError,
  isDuration,
  isMulliganError,
  retryAfterOf,
  show,
  toMs,
  type WaitSource,
} from '../kernel/index.ts';

/** A full answer about an outcome, for those who know more than yes or no. */
export interface Advice {
  readonly retry: boolean;
  /** Why not, when `retry` is false. Default `'not-retryable'`. */
  readonly reason?: GiveUpReason;
  /** Wait exactly this long, whatever the backoff says. */
  readonly waitMs?: number;
  /** Wait at least this long: the backoff may add to it, nothing may take from it. */
  readonly atLeastMs?: number;
  /** Where the wait comes from. Default `'hook'` for `waitMs`, `'retry-after'` for `atLeastMs`. */
  readonly source?: WaitSource;
}

/** Decides about an error: yes, no, or yes after exactly that wait. */
export type ErrorPredicate = (
  error: unknown,
  context: AttemptContext,
) => boolean | Duration | Advice | undefined | void;

/** What `on` and `unless` take: an error class, several, or a predicate. */
export type ErrorMatcher = ErrorClass | readonly ErrorClass[] | ErrorPredicate;

/** Decides about a value: whether it must be tried again. */
export type ValuePredicate<T = unknown> = (
  value: T,
  context: AttemptContext,
) => boolean | Duration | Advice | undefined | void;

type Answer = ReturnType<ErrorPredicate>;

const stop: Advice = { retry: false };
const again: Advice = { retry: true };

/** Makes a predicate speak in advice. One that returns nothing stops the retries, and is told of it once. */
export function adviser<V>(
  option: string,
  predicate: (value: V, context: AttemptContext) => Answer,
): (value: V, context: AttemptContext) => Advice {
  let hasWarned = false;
  return (value, context) => {
    const answer = predicate(value, context);
    if (answer !== undefined && answer !== null) return toAdvice(option, answer);
    if (!hasWarned)
      console.warn(`mulligan: ${option} returned nothing, which stops the retries; return false to say so`);
    hasWarned = true;
    return stop;
  };
}

/** A Duration is an exact wait. */
function toAdvice(option: string, answer: NonNullable<Answer>): Advice {
  if (answer === true) return again;
  if (answer === false) return stop;
  if (typeof answer === 'object' && 'retry' in answer) return answer;
  if (isDuration(answer)) return { retry: true, waitMs: toMs(answer), source: 'hook' };
  const message = `${option} must return true, false or a duration of 0 or more, got ${show(answer)}`;
  throw new InvalidOptionError(option, answer, message);
}

/** Advice about an error that `on` accepts: the error itself may ask for more. It is never retried earlier than that. */
export function withHint(advice: Advice, error: unknown): Advice {
  if (!advice.retry || advice.waitMs !== undefined || advice.atLeastMs !== undefined) return advice;
  const retryAfterMs = retryAfterOf(error);
  if (retryAfterMs === undefined) return advice;
  const isBreaker = isMulliganError(error, 'MULLIGAN_CIRCUIT_OPEN');
  if (retryAfterMs === Number.POSITIVE_INFINITY) {
    return { retry: false, reason: isBreaker ? 'breaker-open' : 'server-said-no' };
  }
  return { ...advice, atLeastMs: retryAfterMs, source: isBreaker ? 'breaker' : 'retry-after' };
}
