import { attempt, type Context, definePolicy, type Duration, type Next, type Policy } from '../kernel/index.ts';
import type { TimeoutOptions } from './options.ts';
import { planTimeout, type TimeoutPlan } from './plan.ts';

/**
 * Ends a call that takes too long. At that moment the call's signal is aborted, and the call rejects, whether or not
 * the operation listens. Each call has its own limit: one that expires touches no other.
 *
 * Around a retry it limits the call as a whole, waits included; inside it limits each attempt.
 *
 * @param after the time that a call may take: milliseconds, `'2s'`, or the options
 * @throws {TimeoutError} when the time is over
 *
 * @example
 * const getUser = pipeline(timeout('10s'), retry(), timeout('2s'))(fetchUser);
 */
export function timeout(after: Duration | TimeoutOptions): Policy {
  const plan = planTimeout(after);
  const limits = plan.limit === undefined ? {} : { timeoutMs: plan.limit.lengthMs };
  const named = plan.name === undefined ? {} : { name: plan.name };
  return definePolicy((next, context) => run(plan, next, context), { kind: 'timeout', ...named, ...limits });
}

function run<T>({ limit, name, reporter, world }: TimeoutPlan, next: Next<T>, context: Context): Promise<T> {
  if (limit === undefined) return attempt(next, context);
  return limit.run(next, context, () => {
    if (!reporter.isHeard) return;
    const timeoutMs = limit.lengthMs;
    reporter.report({ type: 'timeout.expired', at: world.wallNow(), name: name ?? context.name, timeoutMs });
  });
}
