import {
  type Context,
  getOnRetryHooks,
  type MulliganEvent,
  type Outcome,
  type RetryScheduledEvent,
} from '../kernel/index.ts';
import type { Ledger } from './ledger.ts';
import type { RetryPlan } from './plan.ts';
import type { HookScopes } from './scopes.ts';
import type { CallStart } from './start.ts';

/** Whether anybody wants to hear of a retry: if not, nothing is built for them. */
export function isRetryHeard({ onRetry, reporter }: RetryPlan): boolean {
  return onRetry !== undefined || reporter.isHeard || getOnRetryHooks().length > 0;
}

/** A retry that is about to be waited for. */
export type ScheduledRetry = Omit<RetryScheduledEvent, 'type' | 'at' | 'name'>;

/** Tells hooks and listeners of a retry, before its wait. */
export function reportRetry(plan: RetryPlan, { name, args }: Context, scopes: HookScopes, retry: ScheduledRetry): void {
  const { onRetry, reporter, world } = plan;
  for (const hook of getOnRetryHooks()) {
    const { attempt, waitMs, waitedMs, cause } = retry;
    scopes.enter(hook, { name, args, retryNum: attempt, waitFor: waitMs, waitedSoFar: waitedMs, causedBy: cause });
  }
  const event: RetryScheduledEvent = { type: 'retry.scheduled', at: world.wallNow(), name, ...retry };
  if (onRetry !== undefined) scopes.enter(onRetry, event);
  reporter.report(event);
}

/** Tells of a call that succeeded at its first attempt, and hands its value on. */
export function succeed<T>({ plan, outer, startedMs }: CallStart, value: T): T {
  const { budget, reporter, world } = plan;
  budget?.succeeded(undefined);
  if (reporter.isHeard) {
    const durationMs = startedMs === undefined ? 0 : world.now() - startedMs;
    const { name } = outer;
    reporter.report({ type: 'call.succeeded', at: world.wallNow(), name, attempts: 1, durationMs, waitedMs: 0 });
  }
  return value;
}

/** Tells listeners how a call has ended. */
export function reportEnd({ reporter, world }: RetryPlan, outcome: Outcome<unknown>, ledger: Ledger): void {
  if (!reporter.isHeard) return;
  const { name, attempts, durationMs, waitedMs, reason } = ledger;
  const event = { at: world.wallNow(), name, attempts, durationMs, waitedMs };
  const ended: MulliganEvent =
    reason === undefined
      ? { type: 'call.succeeded', ...event }
      : { type: 'call.failed', ...event, reason, error: outcome.ok ? outcome.value : outcome.error };
  reporter.report(ended);
}
