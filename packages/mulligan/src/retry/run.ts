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
  const next = start.scope?.show(given) ?? given;
  const ending = runFirst(start, next);
  if (!start.isAccounted)
    return ending.then(undefined, (error: unknown) => conclude(start, next, { ok: false, error }));
  return ending.then(
    (value) => conclude(start, next, { ok: true, value }),
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
      if (waitMs === undefined) end();
      else if (waitMs === 0) runNext();
      else void pause(call, waitMs).then(runNext);
    };
    const runNext = (): void => {
      const context = call.next();
      if (context === undefined) end();
      else runAttempt(call.plan, next, context, call.attemptStartedMs).then(onValue, onError);
    };
    const onValue = (value: T): void => proceed(call.after({ ok: true, value }));
    const onError = (error: unknown): void => proceed(call.after({ ok: false, error }));
    const end = (): void => {
      const { ending } = call;
      if (ending.ok) resolve(ending.value);
      else reject(ending.error);
    };
    proceed(firstWaitMs);
  });
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
