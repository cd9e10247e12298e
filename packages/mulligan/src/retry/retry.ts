import {
  Context,
  definePolicy,
  InvalidOptionError,
  type Iterate,
  type Next,
  type Operation,
  type Policy,
} from '../kernel/index.ts';
import { retryAsyncGenerator } from './generator.ts';
import type { RetryOptions } from './options.ts';
import { planRetry, type RetryPlan } from './plan.ts';
import { runRetry } from './run.ts';

/** Keeps a function from passing for options: its `name` would. */
export interface NoFunction {
  readonly call?: never;
}

/** See {@link retry}. */
export interface Retry {
  /** Makes a policy: wrap functions with it, decorate methods with it, or put it into a `pipeline`. */
  <T = unknown>(options?: RetryOptions<T> & NoFunction): Policy;
  /** Runs the operation now, and again while that may help. */
  <T>(operation: Operation<T>, options?: RetryOptions<NoInfer<T>>): Promise<T>;
}

/**
 * Retries what may succeed at another attempt.
 *
 * `retry(fn, options?)` calls at once; `retry(options?)` is a policy.
 *
 * @example
 * const user = await retry((attempt) => fetchUser(id, { signal: attempt.signal }), { attempts: 5, timeout: '30s' });
 * const getUser = retry({ attempts: 5 })(fetchUser);
 *
 * @throws the last error unchanged; `ledgerOf(error)` tells of all attempts
 * @throws {TimeoutError} when `timeout` ends a running attempt
 */
export const retry: Retry = <T>(first?: Operation<T> | RetryOptions<T>, options?: RetryOptions<T>): never => {
  const result = typeof first === 'function' ? callNow(first, options) : retryPolicy(planRetry(first), first);
  return result as never;
};

function callNow<T>(operation: Operation<T>, options: RetryOptions<T> | undefined): Promise<T> {
  try {
    const plan = planRetry(options);
    const name = operation.name === '' ? 'retry' : operation.name;
    return runRetry(plan, operation, new Context(name, { nextWaitMs: plan.firstWaitMs }));
  } catch (error) {
    return Promise.reject(error);
  }
}

function retryPolicy<T>(plan: RetryPlan, { passContext }: RetryOptions<T> = {}): Policy {
  const { total, attemptLimit } = plan;
  const description = {
    kind: 'retry',
    nextWaitMs: plan.firstWaitMs,
    ...(total?.interrupt === undefined ? {} : { timeoutMs: total.totalMs }),
    ...(attemptLimit === undefined ? {} : { attemptTimeoutMs: attemptLimit.lengthMs }),
  };
  const layer = <R>(next: Next<R>, context: Context): Promise<R> => runRetry(plan, next, context);
  const iterate: Iterate = (make, context) => {
    if (attemptLimit === undefined) return retryAsyncGenerator(plan, make, context);
    const message = 'attemptTimeout cannot end an attempt of an async generator: give what it awaits a time limit';
    throw new InvalidOptionError('attemptTimeout', attemptLimit.lengthMs, message);
  };
  return definePolicy(layer, description, passContext === undefined ? { iterate } : { iterate, passContext });
}
