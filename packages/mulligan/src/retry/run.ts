import {
  attempt,
  Cancellation,
  type Context,
  isActive,
  type Next,
  orAborted,
  type Outcome,
  settle,
  sleep,
  testingMode,
} from '../kernel/index.ts';
import { type CallMode, nameOf, nominalWait, RetryCall } from './call.ts';
import type { RetryPlan } from './plan.ts';

/** Runs the next thing until its outcome is accepted or given up: the layer of `retry`. */
export function runRetry<T>(plan: RetryPlan, next: Next<T>, context: Context): Promise<T> {
  return plan.signal === undefined
    ? underTotalLimit(plan, next, context)
    : underSignal(plan, plan.signal, next, context);
}

async function underSignal<T>(plan: RetryPlan, signal: AbortSignal, next: Next<T>, context: Context): Promise<T> {
  signal.throwIfAborted();
  const cancellation = new Cancellation(signal);
  // Two things may cancel now: the option's signal, and whatever already could.
  const leave = context.isCancellable ? context.cancellation.onAbort((reason) => cancellation.abort(reason)) : undefined;
  try {
    return await underTotalLimit(plan, next, context.derive({ cancellation }));
  } finally {
    leave?.();
    cancellation.close();
  }
}

function underTotalLimit<T>(plan: RetryPlan, next: Next<T>, context: Context): Promise<T> {
  const mode: CallMode = { isActive: isActive(), testing: testingMode() };
  const limit = mode.testing === undefined ? plan.total?.interrupt : undefined;
  if (limit === undefined) return begin(plan, mode, next, context);
  return limit.run((limited) => begin(plan, mode, next, limited), context);
}

/** The first attempt, and for most calls the only one: nothing of the machinery below is made for it. */
async function begin<T>(plan: RetryPlan, mode: CallMode, next: Next<T>, context: Context): Promise<T> {
  const startedMs = plan.world.now();
  const current = context.derive({ nextWaitMs: nominalWait(plan, mode, 1) });
  plan.budget?.started();
  let outcome: Outcome<T>;
  try {
    const value = await runAttempt(plan, next, current);
    if (plan.adviseOnValue === undefined) {
      succeedAtOnce(plan, context, startedMs);
      return value;
    }
    outcome = { ok: true, value };
  } catch (error) {
    outcome = { ok: false, error };
  }
  return proceed(new RetryCall(plan, mode, context, startedMs), next, context, outcome, current, startedMs);
}

/** Everything after the first attempt that may need another. */
async function proceed<T>(
  call: RetryCall,
  next: Next<T>,
  context: Context,
  first: Outcome<T>,
  firstContext: Context,
  firstStartedMs: number,
): Promise<T> {
  const { plan } = call;
  let [outcome, current, startedMs] = [first, firstContext, firstStartedMs];
  for (;;) {
    const verdict = call.judge(outcome, current, startedMs);
    if (verdict.kind === 'give-up') return call.giveUp(verdict.reason, outcome);
    if (verdict.kind === 'done' && outcome.ok) return call.succeed(outcome.value);
    if (verdict.kind === 'retry') {
      call.announce(verdict, outcome);
      if (!(await pause(call, context, verdict.waitMs))) return call.giveUp('deadline', outcome);
    }
    current = call.next(outcome, current.number + 1);
    startedMs = plan.world.now();
    const attemptContext = current;
    outcome = await settle(() => runAttempt(plan, next, attemptContext));
  }
}

/** Waits; false when the call ended meanwhile. */
async function pause(call: RetryCall, context: Context, waitMs: number): Promise<boolean> {
  try {
    await sleep(call.plan.world, waitMs, context.isCancellable ? context.cancellation : undefined);
    return !call.isOverdue();
  } catch {
    return false;
  } finally {
    call.leaveScopes();
  }
}

function runAttempt<T>(plan: RetryPlan, next: Next<T>, current: Context): PromiseLike<T> | T {
  if (plan.attemptLimit !== undefined) return plan.attemptLimit.run(next, current);
  return current.isCancellable ? orAborted(attempt(next, current), current.cancellation) : next(current);
}

function succeedAtOnce(plan: RetryPlan, context: Context, startedMs: number): void {
  const { budget, reporter, world } = plan;
  budget?.succeeded(undefined);
  if (!reporter.isHeard) return;
  const durationMs = world.now() - startedMs;
  const name = nameOf(plan, context);
  reporter.report({ type: 'call.succeeded', at: world.wallNow(), name, attempts: 1, durationMs, waitedMs: 0 });
}
