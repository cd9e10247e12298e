import { type Context, definePolicy, type Next, type Policy } from '../kernel/index.ts';
import type { FallbackFunction, FallbackOptions } from './options.ts';
import { type FallbackPlan, planFallback } from './plan.ts';

/**
 * Stands in for the result of a call that failed: with a value, or with what a function gives. Belongs outermost in a
 * pipeline. If the function throws, the call rejects with that error.
 *
 * @example
 * const getPrices = pipeline(fallback(() => cachedPrices), retry())(fetchPrices);
 */
export function fallback<T>(value: T | FallbackFunction<T>, options: FallbackOptions = {}): Policy {
  const plan = planFallback(value, options);
  const named = plan.name === undefined ? {} : { name: plan.name };
  return definePolicy((next, context) => run(plan, next, context), { kind: 'fallback', ...named });
}

async function run<T>(plan: FallbackPlan, next: Next<T>, context: Context): Promise<T> {
  let value: T;
  try {
    value = await next(context);
  } catch (error) {
    const isAborted = context.isCancellable && context.cancellation.aborted;
    if (isAborted || !plan.answers(error)) throw error;
    return standIn(plan, error, context);
  }
  return plan.isFailure?.(value) === true ? standIn(plan, value, context) : value;
}

async function standIn<T>(
  { stand, name, reporter, world }: FallbackPlan,
  cause: unknown,
  context: Context,
): Promise<T> {
  if (reporter.isHeard) {
    reporter.report({ type: 'fallback.used', at: world.wallNow(), name: name ?? context.name, cause });
  }
  // What a fallback gives cannot be checked against the type of what it will be put around.
  return (await stand(cause, context)) as T;
}
