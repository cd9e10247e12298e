import { checkDuration, checkFunction, checkKeys, checkNumber } from '../kernel/index.ts';
import { planCharge } from './charge.ts';
import { type OpenForPlan, planOpenFor } from './open-for.ts';
import { breakerDefaults, type BreakerSettings } from './options.ts';
import { planRules, type RulePlan } from './rules.ts';
import { callsOf, planWindow, type WindowPlan } from './window-plan.ts';

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
  const rules = planRules(settings, callsOf(settings.window));
  return {
    ...rules,
    ...planWindow(settings.window, rules),
    ...planOpenFor(settings.openFor, random),
    ...planHalfOpen(settings.halfOpen),
    isCharged: planCharge(settings),
    isFailure: isFailure as ((value: unknown) => boolean) | undefined,
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
