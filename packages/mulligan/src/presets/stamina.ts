import {
  checkKeys,
  type Duration,
  type EventListener,
  InvalidOptionError,
  type Policy,
  toMs,
} from '../kernel/index.ts';
import {
  type ErrorMatcher,
  exponential,
  retry,
  type RetryContext,
  retryContext,
  type RetryOptions,
  retrySync,
  type SyncPolicy,
} from '../retry/index.ts';
import { inWords, lineListener, type LineLog, seconds } from './log-lines.ts';

/** stamina's parameters. */
export interface StaminaOptions {
  /** Which errors: without it, every bug would be retried. A function may return the exact wait. */
  readonly on: ErrorMatcher;
  /** Tries in all, at least one; `null` for no limit. @default 10 */
  readonly attempts?: number | null;
  /** Looked at after each failure: a wait may overrun it. `null` for no limit. @default '45s' */
  readonly timeout?: Duration | null;
  /** The first wait. @default '0.1s' */
  readonly waitInitial?: Duration;
  /** No wait is longer. @default '5s' */
  readonly waitMax?: Duration;
  /** How much chance may add to a wait. @default '1s' */
  readonly waitJitter?: Duration;
  /** By what each wait is multiplied. @default 2 */
  readonly waitExpBase?: number;
}

const known = 'on attempts timeout waitInitial waitMax waitJitter waitExpBase'.split(' ');

function options(given: StaminaOptions): RetryOptions {
  checkKeys('stamina', given, known);
  const { on, attempts = 10, timeout = '45s', waitInitial = '0.1s', waitMax = '5s', waitJitter = '1s' } = given;
  if (on === undefined) {
    throw new InvalidOptionError(
      'on',
      on,
      'on must say which errors to retry: stamina has no default, so that bugs are not retried',
    );
  }
  return Object.freeze({
    on,
    // stamina takes any number; what is less than one try is one try.
    attempts: Math.max(1, attempts ?? Number.POSITIVE_INFINITY),
    ...(timeout !== null && { timeout: { total: totalOf(timeout), ifWaitDoesNotFit: 'overrun' as const } }),
    backoff: exponential({
      initial: waitInitial,
      factor: given.waitExpBase ?? 2,
      max: waitMax,
      jitter: { add: waitJitter },
    }),
  });
}

function totalOf(timeout: Duration): number {
  // Below nothing is nothing: one try, as in stamina.
  if (typeof timeout === 'number' && timeout < 0) return 0;
  const totalMs = toMs(timeout, 'timeout');
  if (totalMs === 0) {
    console.warn('timeout=0 means no retries will be attempted. Use timeout=null to deactivate the timeout.');
  }
  return totalMs;
}

function logLines(log: LineLog): EventListener {
  return lineListener(log, {
    retry: ({ name, attempt, cause, waitMs, waitedMs }) =>
      `stamina.retry_scheduled callable=${name} retry_num=${attempt} caused_by=${inWords(cause)} wait_for=${seconds(waitMs, 2)} waited_so_far=${seconds(waitedMs, 2)}`,
    failed: () => [],
  });
}

/** See {@link stamina}. */
export interface StaminaPreset {
  readonly options: (given: StaminaOptions) => RetryOptions;
  readonly retry: (given: StaminaOptions) => Policy;
  readonly retrySync: (given: StaminaOptions) => SyncPolicy;
  readonly retryContext: (given: StaminaOptions) => RetryContext;
  /** The event `stamina.retry_scheduled`, with its fields. */
  readonly logLines: (log: LineLog) => EventListener;
}

/**
 * stamina's settings: its ways to call with its defaults, and `options` for all others, such as `RetryingCaller`.
 *
 * @example
 * const fetchUser = stamina.retry({ on: NetworkError, attempts: 3 })(getUser);
 * const caller = new RetryingCaller(stamina.options({ on: NetworkError }));
 *
 * @throws {InvalidOptionError} without `on`, which is also a type error
 */
export const stamina: StaminaPreset = Object.freeze({
  options,
  retry: (given: StaminaOptions) => retry(options(given)),
  retrySync: (given: StaminaOptions) => retrySync(options(given)),
  retryContext: (given: StaminaOptions) => retryContext(options(given)),
  logLines,
});
