import { Cancellation, type Context, settleSync, unwrap } from '../kernel/index.ts';
import { RetryCall } from './call.ts';
import type { RetryPlan } from './plan.ts';
import { startCall } from './start.ts';

/** Runs something that blocks until its outcome is accepted or given up. */
export function runRetrySync<T>(plan: RetryPlan, operation: (context: Context) => T, given: Context): T {
  return plan.signal === undefined
    ? begin(plan, operation, given)
    : underSignal(plan.signal, given, (context) => begin(plan, operation, context));
}

/** Nobody else can abort while the thread is blocked, but the operation itself may. */
function underSignal<T>(signal: AbortSignal, given: Context, run: (context: Context) => T): T {
  signal.throwIfAborted();
  const cancellation = new Cancellation(signal);
  try {
    return run(given.derive({ cancellation }));
  } finally {
    cancellation.close();
  }
}

function begin<T>(plan: RetryPlan, given: (context: Context) => T, outer: Context): T {
  const start = startCall(plan, outer);
  const operation = start.scope?.show(given) ?? given;
  let outcome = settleSync(() => operation(start.context));
  if (outcome.ok && !start.isAccounted) return outcome.value;
  const call = new RetryCall<T>(start);
  for (;;) {
    const waitMs = call.after(outcome);
    if (waitMs === undefined) break;
    plan.world.sleepSync(waitMs);
    const context = call.next();
    if (context === undefined) break;
    outcome = settleSync(() => operation(context));
  }
  return unwrap(call.ending);
}
