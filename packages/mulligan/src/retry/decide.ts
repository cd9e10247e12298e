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
  /** Since the call began. */
  readonly elapsedMs: number;
  /** The limit of the whole call; `Infinity` for none. */
  readonly totalMs: number;
  readonly fit: WaitFit;
  /** What is left of limits around this call, which never bend; `Infinity` for none. */
  readonly outerLeftMs: number;
}

/** What is decided about an outcome. */
export type Verdict =
  | { readonly kind: 'retry'; readonly waitMs: number; readonly source: WaitSource }
  | { readonly kind: 'give-up'; readonly reason: GiveUpReason };

const giveUp = (reason: GiveUpReason): Verdict => ({ kind: 'give-up', reason });

/** Decides what follows an attempt that did not end well: the whole of retrying, without a clock. */
export function decide(situation: Situation): Verdict {
  const { advice, attempt, attempts } = situation;
  if (!advice.retry) return giveUp(advice.reason ?? 'not-retryable');
  if (attempt >= attempts) return giveUp('attempts');
  return fitInto(situation, chooseWait(advice, situation.backoffMs));
}

interface Wait {
  readonly waitMs: number;
  readonly source: WaitSource;
}

function chooseWait(advice: Advice, backoffMs: number): Wait {
  const { waitMs, atLeastMs, source } = advice;
  if (waitMs !== undefined) return { waitMs, source: source ?? 'hook' };
  if (atLeastMs === undefined || atLeastMs <= backoffMs) return { waitMs: backoffMs, source: 'backoff' };
  return { waitMs: atLeastMs, source: source ?? 'retry-after' };
}

function fitInto({ elapsedMs, totalMs, fit, outerLeftMs }: Situation, { waitMs, source }: Wait): Verdict {
  const leftMs = totalMs - elapsedMs;
  const fails = waitMs >= outerLeftMs || leftMs <= 0 || (fit === 'fail' && waitMs >= leftMs);
  if (fails) return giveUp('deadline');
  return { kind: 'retry', waitMs: fit === 'shorten' ? Math.min(waitMs, leftMs) : waitMs, source };
}
