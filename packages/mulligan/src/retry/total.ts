import { checkDuration, checkKeys, checkOneOf, type Duration, TimeLimit, type World } from '../kernel/index.ts';
import type { WaitFit } from './decide.ts';
import type { TotalTimeout } from './options.ts';

/** The limit of the whole call. */
export interface TotalLimit {
  readonly totalMs: number;
  readonly fit: WaitFit;
  /** Ends the call on time; `undefined` when the limit is only looked at between attempts. */
  readonly interrupt: TimeLimit | undefined;
  readonly isCheckedBeforeAttempts: boolean;
}

/** Checks the option `timeout`. */
export function planTotal(timeout: Duration | TotalTimeout | undefined, world: World): TotalLimit | undefined {
  if (timeout === undefined) return undefined;
  const given = hasTotal(timeout) ? timeout : { total: timeout };
  checkKeys('timeout', given, ['total', 'interrupt', 'ifWaitDoesNotFit', 'check']);
  const { interrupt = true, ifWaitDoesNotFit = 'fail', check = 'after-failure' } = given;
  const fit = checkOneOf('timeout.ifWaitDoesNotFit', ifWaitDoesNotFit, ['fail', 'shorten', 'overrun']);
  const place = checkOneOf('timeout.check', check, ['after-failure', 'before-attempt']);
  const totalMs = checkDuration('timeout', given.total);
  return {
    totalMs,
    fit,
    interrupt: interrupt && fit !== 'overrun' ? limitOf(world, totalMs, 'call') : undefined,
    isCheckedBeforeAttempts: place === 'before-attempt',
  };
}

function hasTotal(timeout: Duration | TotalTimeout): timeout is TotalTimeout {
  return typeof timeout === 'object' && timeout !== null && 'total' in timeout;
}

/** A time limit; `undefined` where there is none. */
export function limitOf(world: World, ms: number, scope: 'call' | 'attempt'): TimeLimit | undefined {
  return ms === Number.POSITIVE_INFINITY ? undefined : new TimeLimit(world, ms, scope);
}
