import {
  attempt,
  Cancellation,
  type Context,
  type Next,
  orAborted,
  type Outcome,
  sleep,
  unwrap,
  wakeAfter,
} from '../kernel/index.ts';
import { type Advise, adviseOn, RetryCall } from './call.ts';
import type { RetryPlan } from './plan.ts';
import { succeed } from './report.ts';
import { type CallStart, startCall } from './start.ts';

/** Runs the next thing until its outcome is accepted or given up: the layer of `retry`. */
export function runRetry<T>(plan: RetryPlan, next: Next<T>, context: Context): Promise<T> {
  return plan.signal === undefined ? begin(plan, next, context) : underSignal(plan, plan.signal, next, context);
}

function underSignal<T>(plan: RetryPlan, signal: AbortSignal, next: Next<T>, context: Context): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const cancellation = new Cancellation(signal);
  // Two things may cancel now: the option's signal, and whatever already could.
  const link = context.isCancellable ? context.cancellation.listen((reason) => cancellation.abort(reason)) : undefined;
  const close = (): void => {
    if (link !== undefined) context.cancellation.unlisten(link);
    cancellation.close();
  };
  const call = begin(plan, next, context.derive({ cancellation }));
  call.then(close, close);
  return call;
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
    (value) => {
      const advise = adviseOnce(start, value);
      return advise === undefined ? succeed(start, value) : conclude(start, next, { ok: true, value }, advise);
    },
    (error: unknown) => conclude(start, next, { ok: false, error }),
  );
}

/** Asks about the value of a first attempt; `undefined` when it is good. A predicate is asked once about each value. */
function adviseOnce({ plan, context }: CallStart, value: unknown): Advise | undefined {
  try {
    const advice = adviseOn(plan, { ok: true, value }, context);
    return advice && (() => advice);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function conclude<T>(start: CallStart, next: Next<T>, outcome: Outcome<T>, advise?: Advise): T | PromiseLike<T> {
  const call = new RetryCall<T>(start);
  const waitMs = call.after(outcome, advise);
  if (waitMs === undefined) return unwrap(call.ending);
  // A promise of its own would cost a call that waits 300 bytes: the one that waits for it is handed to it instead.
  const further = {
    // oxlint-disable-next-line unicorn/no-thenable -- this is what it is for
    then: (resolve: Resolve<T>, reject: Reject): void => new FurtherAttempts(call, next, resolve, reject).go(waitMs),
  };
  return further as unknown as PromiseLike<T>;
}

type Resolve<T> = (value: T) => void;
type Reject = (error: unknown) => void;

/**
 * The attempts after the first. In callbacks, because a loop that awaits each attempt would take half as long again, and
 * a call that waits would hold twice the memory.
 */
class FurtherAttempts<T> {
  readonly #call: RetryCall<T>;
  readonly #next: Next<T>;
  readonly #resolve: Resolve<T>;
  readonly #reject: Reject;

  constructor(call: RetryCall<T>, next: Next<T>, resolve: Resolve<T>, reject: Reject) {
    this.#call = call;
    this.#next = next;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  go(waitMs: number | undefined): void {
    const call = this.#call;
    if (waitMs === undefined) this.#end();
    else if (waitMs === 0) this.#runNext();
    else wakeAfter(call.plan.world, waitMs, call.cancellation, this.#runNext);
  }

  readonly #runNext = (): void => {
    try {
      const context = this.#call.next();
      if (context === undefined) this.#end();
      else runFurther(this.#call, this.#next, context).then(this.#onValue, this.#onError);
    } catch (error) {
      // Only a budget or a world of somebody's own can throw, here and below. A call must end all the same.
      this.#reject(error);
    }
  };

  readonly #onValue = (value: T): void => this.#conclude({ ok: true, value });

  readonly #onError = (error: unknown): void => this.#conclude({ ok: false, error });

  #conclude(outcome: Outcome<T>): void {
    try {
      this.go(this.#call.after(outcome));
    } catch (error) {
      this.#reject(error);
    }
  }

  #end(): void {
    const { ending } = this.#call;
    if (ending.ok) this.#resolve(ending.value);
    else this.#reject(ending.error);
  }
}

/** Waits until the time has passed or the call has been ended: `RetryCall.next` tells which. */
export function pause(call: RetryCall<unknown>, waitMs: number): Promise<void> {
  return sleep(call.plan.world, waitMs, call.cancellation).catch(nothing);
}

function nothing(): void {}

/** Attempt 1 stands under its own limit, which is always the shorter one, or else under that of the whole call. */
export function runFirst<T>({ plan, switches, context, startedMs }: CallStart, next: Next<T>): Promise<T> {
  const total = switches.testing === undefined ? plan.total?.interrupt : undefined;
  return total === undefined || plan.attemptLimit !== undefined
    ? runAttempt(plan, next, context, startedMs)
    : total.run(next, context, undefined, startedMs);
}

/** Further attempts stand under their own limit, or under what is left of the total time, whichever is less. */
export function runFurther<T>(call: RetryCall<T>, next: Next<T>, context: Context): Promise<T> {
  const { plan, leftMs, attemptStartedMs: nowMs } = call;
  const { total, attemptLimit } = plan;
  const isTotalNearer = leftMs < (attemptLimit?.lengthMs ?? Number.POSITIVE_INFINITY);
  return total?.interrupt !== undefined && isTotalNearer && nowMs !== undefined
    ? total.interrupt.runRest(next, context, { nowMs, leftMs })
    : runAttempt(plan, next, context, nowMs);
}

function runAttempt<T>(plan: RetryPlan, next: Next<T>, context: Context, startedMs: number | undefined): Promise<T> {
  if (plan.attemptLimit !== undefined) return plan.attemptLimit.run(next, context, undefined, startedMs);
  const promise = attempt(next, context);
  return context.isCancellable ? orAborted(promise, context.cancellation) : promise;
}
