import { checkDuration, checkKeys, checkNumber, InvalidOptionError } from '../kernel/index.ts';
import { breakerDefaults, type BreakerSettings, type CallCountWindow } from './options.ts';
import type { RulePlan } from './rules.ts';
import { CallRing, type CallWindow, FailureLog, Streak, TimeBuckets } from './window.ts';

const never = Number.POSITIVE_INFINITY;

/** More failures than this are not remembered, unless the rule asks for more. Source: ProxyWhirl. */
const mostFailures = 10_000;

/** What is counted. */
export interface WindowPlan {
  /** The length of a window of time; `Infinity` for the other kinds. */
  readonly windowMs: number;
  /** Equal for two windows in which the same calls count. */
  readonly windowKey: string;
  readonly makeWindow: () => CallWindow;
  /** Whether calls that succeed while closed matter: if not, they cost nothing. */
  readonly countsSuccesses: boolean;
}

/** How many calls the window holds; `Infinity` if it does not count them. */
export function callsOf(window: BreakerSettings['window']): number {
  if (!isCallCount(window)) return never;
  checkKeys('window', window, ['calls']);
  return checkNumber('window.calls', window.calls, { min: 1, max: 1_000_000, whole: true });
}

function isCallCount(window: BreakerSettings['window']): window is CallCountWindow {
  return typeof window === 'object' && 'calls' in window;
}

/** Chooses the kind of window that the rules need. */
export function planWindow(window: BreakerSettings['window'], rules: RulePlan): WindowPlan {
  const hasRate = rules.failureRate < never || rules.slowCallRate < never;
  if (window === 'consecutive') return planStreak(hasRate);
  if (isCallCount(window)) return planRing(window.calls, rules.slowCallRate < never);
  const { windowMs: usualMs, rateWindowMs } = breakerDefaults;
  const windowMs = checkDuration('window', window ?? (hasRate ? rateWindowMs : usualMs), 1);
  return hasRate ? planBuckets(windowMs) : planLog(windowMs, Math.max(rules.failures, mostFailures));
}

function planStreak(hasRate: boolean): WindowPlan {
  const message = "a rate means nothing with window: 'consecutive', which counts failures in a row";
  if (hasRate) throw new InvalidOptionError('window', 'consecutive', message);
  return { windowMs: never, windowKey: 'streak', makeWindow: () => new Streak(), countsSuccesses: true };
}

function planRing(calls: number, watchesSlow: boolean): WindowPlan {
  const makeWindow = (): CallWindow => new CallRing(calls, watchesSlow);
  return { windowMs: never, windowKey: `ring ${calls} ${watchesSlow}`, makeWindow, countsSuccesses: true };
}

function planBuckets(windowMs: number): WindowPlan {
  const makeWindow = (): CallWindow => new TimeBuckets(windowMs);
  return { windowMs, windowKey: `buckets ${windowMs}`, makeWindow, countsSuccesses: true };
}

function planLog(windowMs: number, most: number): WindowPlan {
  const makeWindow = (): CallWindow => new FailureLog(windowMs, most);
  return { windowMs, windowKey: `log ${windowMs}`, makeWindow, countsSuccesses: false };
}
