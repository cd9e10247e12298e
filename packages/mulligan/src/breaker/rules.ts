import { checkDuration, checkNumber, InvalidOptionError } from '../kernel/index.ts';
import { breakerDefaults, type BreakerSettings } from './options.ts';

const never = Number.POSITIVE_INFINITY;

/** When a closed breaker opens. A rule that is not in force has the value `Infinity`. */
export interface RulePlan {
  readonly failures: number;
  readonly failureRate: number;
  readonly slowCallRate: number;
  readonly slowCallMs: number;
  readonly minimumCalls: number;
}

/** Checks the rules. @param calls how many calls the window holds; `Infinity` if it does not count them */
export function planRules(settings: BreakerSettings, calls: number): RulePlan {
  const { failureRate, slowCallRate, slowCall } = settings;
  const hasRate = failureRate !== undefined || slowCallRate !== undefined;
  if (!hasRate) refuse(settings, 'minimumCalls', 'failureRate or slowCallRate');
  if (slowCallRate === undefined) refuse(settings, 'slowCall', 'slowCallRate');
  const { failures = hasRate ? never : Math.min(breakerDefaults.failures, calls) } = settings;
  const { minimumCalls = Math.min(breakerDefaults.minimumCalls, calls) } = settings;
  return {
    failures: checkCount('failures', failures, calls),
    failureRate: checkRate('failureRate', failureRate),
    slowCallRate: checkRate('slowCallRate', slowCallRate),
    slowCallMs: slowCallRate === undefined ? never : checkDuration('slowCall', slowCall ?? breakerDefaults.slowCallMs),
    minimumCalls: checkCount('minimumCalls', minimumCalls, calls),
  };
}

function refuse(settings: BreakerSettings, option: keyof BreakerSettings, needed: string): void {
  const value = settings[option];
  if (value === undefined) return;
  throw new InvalidOptionError(option, value, `${option} means nothing without ${needed}`);
}

function checkCount(option: string, value: number, calls: number): number {
  const count = checkNumber(option, value, { min: 1, whole: true });
  if (count <= calls || count === never) return count;
  const message = `${option} (${count}) must not be more than window.calls (${calls}), or the breaker can never open`;
  throw new InvalidOptionError(option, value, message);
}

function checkRate(option: string, rate: number | undefined): number {
  if (rate === undefined) return never;
  if (rate > 0 && rate <= 1) return rate;
  throw new InvalidOptionError(option, rate, `${option} must be above 0 and at most 1, such as 0.5, got ${rate}`);
}
