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

/** A retry that is about to be waited for. */
export type ScheduledRetry = Omit<RetryScheduledEvent, 'type' | 'at' | 'name'>;

/** Tells hooks and listeners of a retry, before its wait. */
export function reportRetry(plan: RetryPlan, context: Context, scopes: HookScopes, retry: ScheduledRetry): void {
  const { onRetry, reporter, world } = plan;
  const { name, args } = context;
  for (const hook of getOnRetryHooks()) {
    const { attempt, waitMs, waitedMs, cause } = retry;
    scopes.enter(hook, { name, args, retryNum: attempt, waitFor: waitMs, waitedSoFar: waitedMs, causedBy: cause });
  }
  if (onRetry === undefined && !reporter.isHeard) return;
  const event: RetryScheduledEvent = { type: 'retry.scheduled', at: world.wallNow(), name, ...retry };
  if (onRetry !== undefined) scopes.enter(onRetry, event);
  reporter.report(event);
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
