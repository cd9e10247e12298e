import {
  type AttemptContext,
  type Duration,
  type GiveUpReason,
  InvalidOptionError,
  isDuration,
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

type ErrorClass = abstract new (...args: never[]) => unknown;

/** Decides about an error: yes, no, or yes after exactly that wait. */
export type ErrorPredicate = (
  error: unknown,
  context: AttemptContext,
) => boolean | Duration | Advice | undefined | void;

/** What `on` and `unless` take: an error class, several, or a predicate. */
export type ErrorMatcher = ErrorClass | readonly ErrorClass[] | ErrorPredicate;

/** Decides about a value: whether it must be tried again. */
export type ValuePredicate<T = never> = (
  value: T,
  context: AttemptContext,
) => boolean | Duration | Advice | undefined | void;

const stop: Advice = { retry: false };
const again: Advice = { retry: true };

let hasWarned = false;

/** Reads what a predicate returned. A Duration is an exact wait; nothing at all stops, with a warning, once. */
export function toAdvice(option: string, answer: ReturnType<ErrorPredicate>): Advice {
  if (answer === true) return again;
  if (answer === false) return stop;
  if (typeof answer === 'object' && 'retry' in answer) return answer;
  if (isDuration(answer)) return { retry: true, waitMs: toMs(answer), source: 'hook' };
  if (answer !== undefined && answer !== null) {
    throw new InvalidOptionError(
      option,
      answer,
      `${option} must return true, false or a duration, got ${show(answer)}`,
    );
  }
  if (!hasWarned) {
    hasWarned = true;
    console.warn(`mulligan: ${option} returned nothing, which stops the retries; return false to say so`);
  }
  return stop;
}

/** Makes one predicate of what a caller gave for `on` or `unless`. */
export function resolveMatcher(option: string, matcher: ErrorMatcher): ErrorPredicate {
  if (Array.isArray(matcher)) {
    const classes = matcher.map((item) => checkClass(option, item));
    return (error) => classes.some((errorClass) => error instanceof errorClass);
  }
  if (isErrorClass(matcher)) return (error) => error instanceof matcher;
  if (typeof matcher === 'function') return matcher as ErrorPredicate;
  const forms = 'an error class, an array of error classes or a function';
  throw new InvalidOptionError(option, matcher, `${option} must be ${forms}, got ${show(matcher)}`);
}

function checkClass(option: string, item: unknown): ErrorClass {
  if (isErrorClass(item)) return item;
  throw new InvalidOptionError(option, item, `${option} must hold error classes only, got ${show(item)}`);
}

/** A class cannot be told from a function by type alone; error classes all stand below `Error`. */
function isErrorClass(value: unknown): value is ErrorClass {
  if (typeof value !== 'function') return false;
  if (value === Error || value.prototype instanceof Error) return true;
  // Other classes (DOMException, a hierarchy of one's own) show themselves by their source.
  return value.prototype !== undefined && /^(?:class\b|function \w+\(\) \{ \[native code\])/.test(String(value));
}

/** Advice about an error that was not answered by `unless`: `on` first, then what the error itself asks for. */
export function withHint(advice: Advice, error: unknown): Advice {
  if (!advice.retry || advice.waitMs !== undefined || advice.atLeastMs !== undefined) return advice;
  const retryAfterMs = retryAfterOf(error);
  if (retryAfterMs === undefined) return advice;
  if (retryAfterMs === Number.POSITIVE_INFINITY) return { retry: false, reason: 'breaker-open' };
  return { ...advice, atLeastMs: retryAfterMs, source: 'breaker' };
}
