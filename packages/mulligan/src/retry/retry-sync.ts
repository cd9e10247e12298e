import { asIf, type AttemptContext, Context, MulliganError, show, type WrapOptions } from '../kernel/index.ts';
import { isGeneratorFunction, retryGenerator } from './generator.ts';
import type { RetryOptions } from './options.ts';
import type { RetryPlan } from './plan.ts';
import { planRetrySync } from './plan-sync.ts';
import type { NoFunction } from './retry.ts';
import { runRetrySync } from './run-sync.ts';

/** Functions that `retrySync` can wrap: they block until they have their result, or are generators. */
export type SyncFunction = (...args: never[]) => unknown;

/** What may follow the function to wrap. Nothing can where it returns a promise: the call does not compile. */
export type WithSyncFunction<F extends SyncFunction> = [ReturnType<F>] extends [never]
  ? [context?: ClassMethodDecoratorContext]
  : ReturnType<F> extends PromiseLike<unknown> | AsyncIterable<unknown>
    ? [mistake: 'retry is for functions that return a promise']
    : [context?: ClassMethodDecoratorContext];

/** The function being retried, as the call form and `execute` take it. */
export type SyncOperation<T> = (attempt: AttemptContext) => T;

/** A function that makes a function that blocks resilient; also a standard method decorator. */
export interface SyncPolicy {
  <F extends SyncFunction>(fn: F, ...context: WithSyncFunction<F>): F;
  /** Runs an operation under this policy; the operation gets the {@link AttemptContext}. */
  execute<T>(operation: SyncOperation<T>, options?: { readonly name?: string }): T;
}

/** See {@link retrySync}. */
export interface RetrySync {
  /** Makes a policy: wrap functions and generators with it, or decorate methods. */
  <T = unknown>(options?: RetryOptions<T> & NoFunction): SyncPolicy;
  /** Runs the operation now, and again while that may help. */
  <T>(operation: SyncOperation<T>, options?: RetryOptions<NoInfer<T>>): T;
}

/**
 * Retries what blocks. Its waits block the thread, too: for scripts and command lines, not for servers.
 *
 * The time limit of a call is only looked at between attempts, because nothing can interrupt a function that blocks; an
 * `attemptTimeout` is an error. A generator is started again from the beginning, as stamina does it.
 *
 * @example
 * const text = retrySync(() => readFileSync(path, 'utf8'), { on: isBusy });
 *
 * @throws the last error unchanged; `ledgerOf(error)` tells of all attempts
 * @throws {MulliganError} `MULLIGAN_CANNOT_BLOCK` when it would have to wait where the platform cannot block
 */
export const retrySync: RetrySync = <T>(
  first?: SyncOperation<T> | RetryOptions<T>,
  options?: RetryOptions<T>,
): never => {
  const result = typeof first === 'function' ? callNow(first, options) : retrySyncPolicy(first);
  return result as never;
};

function callNow<T>(operation: SyncOperation<T>, options: RetryOptions<T> | undefined): T {
  return execute(planRetrySync(options), operation, operation.name);
}

function retrySyncPolicy<T>(options: RetryOptions<T> = {}): SyncPolicy {
  const plan = planRetrySync(options);
  const wrap = (fn: SyncFunction, decorated?: ClassMethodDecoratorContext): SyncFunction => {
    if (decorated !== undefined && decorated.kind !== 'method') {
      throw new TypeError(
        `@retrySync decorates methods, not a ${String(decorated.kind)} such as ${show(decorated.name)}`,
      );
    }
    if (typeof fn !== 'function') throw new TypeError(`retrySync wraps a function, got ${show(fn)}`);
    return wrapSync(plan, fn, options.passContext);
  };
  return Object.assign(wrap as SyncPolicy, {
    execute: <R>(operation: SyncOperation<R>, call: { readonly name?: string } = {}) =>
      execute(plan, operation, call.name ?? operation.name),
  });
}

function execute<T>(plan: RetryPlan, operation: SyncOperation<T>, name: string): T {
  const checked = (context: Context): T => expectNoPromise(operation(context), context.name);
  return runRetrySync(plan, checked, new Context(name === '' ? 'retrySync' : name));
}

function wrapSync(plan: RetryPlan, fn: SyncFunction, pass: WrapOptions['passContext']): SyncFunction {
  const name = fn.name === '' ? 'retrySync' : fn.name;
  const operation = (context: Context): unknown => {
    const args = pass === undefined ? context.args : pass(context, context.args);
    return expectNoPromise(Reflect.apply(fn, context.receiver, args), name);
  };
  const run = isGeneratorFunction(fn) ? retryGenerator : runRetrySync;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return run(plan, operation as never, new Context(name, { args, receiver: this }));
  };
  return asIf(wrapped, fn);
}

function expectNoPromise<T>(value: T, name: string): T {
  if (typeof (value as PromiseLike<unknown> | undefined)?.then !== 'function') return value;
  throw new MulliganError('MULLIGAN_NOT_SYNC', `${name} returned a promise: use retry for functions that do`);
}
