import { Cancellation, type Context } from '../kernel/index.ts';
import { RetryCall } from './call.ts';
import type { RetryPlan } from './plan.ts';
import { type CallStart, startCall } from './start.ts';

/** A call that its consumer drives, and may leave at any moment. */
export interface OpenCall {
  readonly start: CallStart;
  readonly call: RetryCall<unknown>;
  /** Leaves nothing behind, whether the call has ended or was left. */
  readonly close: () => void;
}

/** Begins a call whose attempts come one by one, as somebody asks for them: a generator's, or a block's. */
export function openCall(plan: RetryPlan, given: Context): OpenCall {
  const { signal } = plan;
  signal?.throwIfAborted();
  const cancellation = signal === undefined ? undefined : new Cancellation(signal);
  const start = startCall(plan, cancellation === undefined ? given : given.derive({ cancellation }));
  const call = new RetryCall<unknown>(start);
  const close = (): void => {
    call.abandon();
    cancellation?.close();
  };
  return { start, call, close };
}
