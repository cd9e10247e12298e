import {
  attempt,
  Cancellation,
  type Context,
  type Next,
  orAborted,
  type Outcome,
  sleep,
  unwrap,
} from '../kernel/index.ts';
import { RetryCall } from './call.ts';
import type { RetryPlan } from './plan.ts';
import { succeed } from './report.ts';
import { type CallStart, startCall } from './start.ts';

/** Runs the next thing until its outcome is accepted or given up: the layer of `retry`. */
export function runRetry<T>(plan: RetryPlan, next: Next<T>, context: Context): Promise<T> {
  return plan.signal === undefined ? begin(plan, next, context) : underSignal(plan, plan.signal, next, context);
}

async function underSignal<T>(plan: RetryPlan, signal: AbortSignal, next: Next<T>, context: Context): Promise<T> {
  signal.throwIfAborted();
  const cancellation = new Cancellation(signal);
  // Two things may cancel now: the option's signal, and whatever already could.
  const leave = context.isCancellable
    ? context.cancellation.onAbort((reason) => cancellation.abort(reason))
    : undefined;
  try {
    return await begin(plan, next, context.derive({ cancellation }));
  } finally {
    leave?.();
    cancellation.close();
  }
}

/** The first attempt, and for most calls the only one: none of the machinery below is made for it. */
function begin<T>(plan: RetryPlan, given: Next<T>, outer: Context): Promise<T> {
  const start = startCall(plan, outer);
  const next = start.scope === undefined ? given : start.scope.show(given);
  const ending = runFirst(start, next);
  if (!start.isAccounted) {
    return ending.then(undefined, (error: unknown) => conclude(start, next, { ok: false, error }));
  }
  return ending.then(
    (value) => (plan.adviseOnValue === undefined ? succeed(start, value) : conclude(start, next, { ok: true, value })),
    (error: unknown) => conclude(start, next, { ok: false, error }),
  );
}

function conclude<T>(start: CallStart, next: Next<T>, outcome: Outcome<T>): T | Promise<T> {
  const call = new RetryCall<T>(start);
  const waitMs = call.after(outcome);
  return waitMs === undefined ? unwrap(call.ending) : tryAgain(call, next, waitMs);
}

/** Everything after the first attempt. In callbacks: a loop that awaits each attempt would take half as long again. */
function tryAgain<T>(call: RetryCall<T>, next: Next<T>, firstWaitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const proceed = (waitMs: number | undefined): void => {
      if (waitMs === undefined) settleWith(call.ending, resolve, reject);
      else if (waitMs === 0) runNext();
      else pause(call, waitMs).then(runNext).catch(reject);
    };
    const runNext = (): void => {
      const context = call.next();
      if (context === undefined) settleWith(call.ending, resolve, reject);
      else runAttempt(call.plan, next, context, call.attemptStartedMs).then(onValue, onError);
    };
    const conclude = (outcome: Outcome<T>): void => {
      try {
        proceed(call.after(outcome));
      } catch (error) {
        // Only a budget or a world of somebody's own can throw here. A call must end all the same.
        reject(error);
      }
    };
    const onValue = (value: T): void => conclude({ ok: true, value });
    const onError = (error: unknown): void => conclude({ ok: false, error });
    proceed(firstWaitMs);
  });
}

function settleWith<T>(ending: Outcome<T>, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  if (ending.ok) resolve(ending.value);
  else reject(ending.error);
}

/** Waits until the time has passed or the call has been ended: `RetryCall.next` tells which. */
export function pause(call: RetryCall<unknown>, waitMs: number): Promise<void> {
  return sleep(call.plan.world, waitMs, call.cancellation).catch(nothing);
}

function nothing(): void {}

/** Attempt 1 alone stands under the total limit itself, unless its own is shorter: see `RetryCall`. */
export function runFirst<T>({ plan, switches, context, startedMs }: CallStart, next: Next<T>): Promise<T> {
  const total = switches.testing === undefined ? plan.total?.interrupt : undefined;
  return total === undefined || plan.attemptLimit !== undefined
    ? runAttempt(plan, next, context, startedMs)
    : total.run(next, context, undefined, startedMs);
}

/** Runs an attempt: it ends when it ends, when its time is over, or when the call is cancelled. */
export function runAttempt<T>(plan: RetryPlan, next: Next<T>, context: Context, startedMs?: number): Promise<T> {
  if (plan.attemptLimit !== undefined) return plan.attemptLimit.run(next, context, undefined, startedMs);
  const promise = attempt(next, context);
  return context.isCancellable ? orAborted(promise, context.cancellation) : promise;
}
