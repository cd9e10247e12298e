import { checkDuration, checkFunction, checkKeys, checkNumber, InvalidOptionError } from '../kernel/index.ts';
import { planCharge } from './charge.ts';
import { type OpenForPlan, planOpenFor } from './open-for.ts';
import { breakerDefaults, type BreakerSettings, type CallCountWindow } from './options.ts';
import { CallRing, type CallWindow, FailureLog, Streak, TimeBuckets } from './window.ts';

const never = Number.POSITIVE_INFINITY;

/** More failures than this are not remembered, unless the rule asks for more. Source: ProxyWhirl. */
const mostFailures = 10_000;

/** When a closed breaker opens. A rule that is not in force has the value `Infinity`. */
interface RulePlan {
  readonly failures: number;
  readonly failureRate: number;
  readonly slowCallRate: number;
  readonly slowCallMs: number;
  readonly minimumCalls: number;
}

interface WindowPlan {
  /** The length of a window of time; `Infinity` for the other kinds. */
  readonly windowMs: number;
  /** Equal for two windows in which the same calls count. */
  readonly windowKey: string;
  readonly makeWindow: () => CallWindow;
  /** Whether calls that succeed while closed matter: if not, they cost nothing. */
  readonly countsSuccesses: boolean;
}

interface HalfOpenPlan {
  readonly permits: number;
  readonly successes: number;
  readonly maxWaitMs: number;
}

/** {@link BreakerSettings}, checked once and in one fixed shape. */
export interface BreakerPlan extends RulePlan, WindowPlan, HalfOpenPlan, OpenForPlan {
  readonly isCharged: (error: unknown) => boolean;
  readonly isFailure: ((value: unknown) => boolean) | undefined;
}

/** Every name of {@link BreakerSettings}; a test compares it with the type. */
export const breakerSettingNames: readonly (keyof BreakerSettings)[] = [
  'failures',
  'failureRate',
  'slowCallRate',
  'slowCall',
  'minimumCalls',
  'window',
  'openFor',
  'halfOpen',
  'on',
  'unless',
  'isFailure',
];

/** Checks the settings and answers what is wrong with them in sentences. */
export function planBreaker(settings: BreakerSettings, random: () => number): BreakerPlan {
  const { isFailure } = settings;
  if (isFailure !== undefined) checkFunction('isFailure', isFailure);
  const rules = planRules(settings);
  return {
    ...rules,
    ...planWindow(settings.window, rules),
    ...planOpenFor(settings.openFor, random),
    ...planHalfOpen(settings.halfOpen),
    isCharged: planCharge(settings),
    isFailure: isFailure as ((value: unknown) => boolean) | undefined,
  };
}

function planRules(settings: BreakerSettings): RulePlan {
  const { failureRate, slowCallRate, minimumCalls, slowCall, window } = settings;
  const hasRate = failureRate !== undefined || slowCallRate !== undefined;
  if (!hasRate && minimumCalls !== undefined)
    throw pointless('minimumCalls', minimumCalls, 'failureRate or slowCallRate');
  if (slowCallRate === undefined && slowCall !== undefined) throw pointless('slowCall', slowCall, 'slowCallRate');
  const { failures = hasRate ? never : breakerDefaults.failures } = settings;
  const size = callsOf(window);
  return {
    failures: checkNumber('failures', failures, { min: 1, whole: true }),
    failureRate: planRate('failureRate', failureRate),
    slowCallRate: planRate('slowCallRate', slowCallRate),
    slowCallMs: slowCallRate === undefined ? never : checkDuration('slowCall', slowCall ?? breakerDefaults.slowCallMs),
    minimumCalls: checkNumber('minimumCalls', minimumCalls ?? Math.min(breakerDefaults.minimumCalls, size), {
      min: 1,
      whole: true,
    }),
  };
}

function planRate(option: string, rate: number | undefined): number {
  if (rate === undefined) return never;
  if (rate > 0 && rate <= 1) return rate;
  throw new InvalidOptionError(option, rate, `${option} must be above 0 and at most 1, such as 0.5, got ${rate}`);
}

function pointless(option: string, value: unknown, needs: string): InvalidOptionError {
  return new InvalidOptionError(option, value, `${option} means nothing without ${needs}`);
}

function planWindow(window: BreakerSettings['window'], rules: RulePlan): WindowPlan {
  const hasRate = rules.failureRate < never || rules.slowCallRate < never;
  if (window === 'consecutive') {
    const message = "a rate means nothing with window: 'consecutive', which counts failures in a row";
    if (hasRate) throw new InvalidOptionError('window', window, message);
    return { windowMs: never, windowKey: 'streak', makeWindow: () => new Streak(), countsSuccesses: true };
  }
  if (isCallCount(window)) return planRing(window.calls, rules);
  const windowMs = checkDuration(
    'window',
    window ?? (hasRate ? breakerDefaults.rateWindowMs : breakerDefaults.windowMs),
    1,
  );
  if (hasRate) {
    const makeWindow = (): CallWindow => new TimeBuckets(windowMs);
    return { windowMs, windowKey: `buckets ${windowMs}`, makeWindow, countsSuccesses: true };
  }
  const most = Math.max(rules.failures, mostFailures);
  const makeWindow = (): CallWindow => new FailureLog(windowMs, most);
  return { windowMs, windowKey: `log ${windowMs}`, makeWindow, countsSuccesses: false };
}

function isCallCount(window: BreakerSettings['window']): window is CallCountWindow {
  return typeof window === 'object' && 'calls' in window;
}

/** How many calls the window holds; `Infinity` if it does not count them. */
function callsOf(window: BreakerSettings['window']): number {
  if (!isCallCount(window)) return never;
  checkKeys('window', window, ['calls']);
  return checkNumber('window.calls', window.calls, { min: 1, max: 1_000_000, whole: true });
}

function planRing(calls: number, rules: RulePlan): WindowPlan {
  for (const option of ['failures', 'minimumCalls'] as const) {
    const isInForce = rules[option] < never;
    if (!isInForce || rules[option] <= calls) continue;
    const message = `${option} (${rules[option]}) must not be more than window.calls (${calls}), or the breaker can never open`;
    throw new InvalidOptionError(option, rules[option], message);
  }
  const watchesSlow = rules.slowCallRate < never;
  return {
    windowMs: never,
    windowKey: `ring ${calls} ${watchesSlow}`,
    makeWindow: () => new CallRing(calls, watchesSlow),
    countsSuccesses: true,
  };
}

function planHalfOpen(halfOpen: BreakerSettings['halfOpen'] = {}): HalfOpenPlan {
  checkKeys('halfOpen', halfOpen, ['permits', 'successes', 'maxWait']);
  const { permits, successes, maxWaitMs } = breakerDefaults;
  return {
    permits: checkNumber('halfOpen.permits', halfOpen.permits ?? permits, { min: 1, whole: true }),
    successes: checkNumber('halfOpen.successes', halfOpen.successes ?? successes, { min: 1, whole: true }),
    maxWaitMs: checkDuration('halfOpen.maxWait', halfOpen.maxWait ?? maxWaitMs, 1),
  };
}
