import type { GiveUpReason, WaitSource } from '../kernel/index.ts';
import type { Advice } from './advice.ts';

/** What to do when the next wait is longer than the time that is left. */
export type WaitFit = 'fail' | 'shorten' | 'overrun';

/** All that is known when an attempt has not ended well. Plain data; times in milliseconds. */
export interface Situation {
  /** The attempt that has just ended, from 1. */
  readonly attempt: number;
  /** How many there may be. */
  readonly attempts: number;
  readonly advice: Advice;
  /** The wait by the schedule, jitter included. */
  readonly backoffMs: number;
  /** What is left of the total time; `Infinity` without a limit. */
  readonly leftMs: number;
  readonly fit: WaitFit;
  /** What is left of limits around this call, which never bend; `Infinity` for none. */
  readonly outerLeftMs: number;
}

/** Another attempt follows, after a wait. */
export interface RetryVerdict {
  readonly kind: 'retry';
  readonly waitMs: number;
  readonly source: WaitSource;
}

/** The call is over. */
export interface GiveUpVerdict {
  readonly kind: 'give-up';
  readonly reason: GiveUpReason;
}

/** What is decided about an outcome that is not good. */
export type Verdict = RetryVerdict | GiveUpVerdict;

/** The verdict that ends a call. */
export function giveUp(reason: GiveUpReason): GiveUpVerdict {
  return { kind: 'give-up', reason };
}

/** Decides what follows an attempt that did not end well: the whole of retrying, without a clock. */
export function decide(situation: Situation): Verdict {
  const { advice, attempt, attempts, backoffMs } = situation;
  if (!advice.retry) return giveUp(advice.reason ?? 'not-retryable');
  if (attempt >= attempts) return giveUp('attempts');
  const { waitMs, atLeastMs, source } = advice;
  if (waitMs !== undefined) return fitIn(situation, waitMs, source ?? 'hook');
  const isHintLonger = atLeastMs !== undefined && atLeastMs > backoffMs;
  return isHintLonger ? fitIn(situation, atLeastMs, source ?? 'retry-after') : fitIn(situation, backoffMs, 'backoff');
}

function fitIn({ leftMs, fit, outerLeftMs }: Situation, waitMs: number, source: WaitSource): Verdict {
  const mustFit = waitMs >= outerLeftMs || (fit === 'fail' && waitMs >= leftMs);
  if (mustFit || leftMs <= 0) return giveUp('deadline');
  return { kind: 'retry', waitMs: fit === 'shorten' ? Math.min(waitMs, leftMs) : waitMs, source };
}
