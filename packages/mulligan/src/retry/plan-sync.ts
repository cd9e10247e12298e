import { InvalidOptionError } from '../kernel/index.ts';
import type { RetryOptions } from './options.ts';
import { planRetry, type RetryPlan } from './plan.ts';

/** A plan for what blocks: nothing can interrupt it, so that time limits are only looked at between attempts. */
export function planRetrySync<T>(options: RetryOptions<T> | undefined): RetryPlan {
  const plan = planRetry(options);
  if (plan.attemptLimit !== undefined) {
    const message = 'attemptTimeout cannot end a function that blocks: give the function a time limit of its own';
    throw new InvalidOptionError('attemptTimeout', options?.attemptTimeout, message);
  }
  return plan.total === undefined ? plan : { ...plan, total: { ...plan.total, interrupt: undefined } };
}
