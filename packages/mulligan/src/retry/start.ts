import { Context, currentSwitches, type Switches } from '../kernel/index.ts';
import { manyAttempts, RetryScope, scopeAround } from './nested.ts';
import type { RetryPlan } from './plan.ts';

/** How a call began: all there is of it until its first attempt has not ended well. */
export interface CallStart {
  readonly plan: RetryPlan;
  readonly switches: Switches;
  /** What the call runs under. */
  readonly outer: Context;
  /** The context of attempt 1. */
  readonly context: Context;
  /** When attempt 1 began; `undefined` where nothing needed the clock until it failed. */
  readonly startedMs: number | undefined;
  /** What the retries inside of this one see; `undefined` where none looks. */
  readonly scope: RetryScope | undefined;
  /** Whether even a call that succeeds at once has to be told of. */
  readonly isAccounted: boolean;
}

/** Begins a call. */
export function startCall(plan: RetryPlan, given: Context): CallStart {
  const { name, budget, reporter } = plan;
  const switches = currentSwitches();
  const isHeard = reporter.isHeard;
  const startedMs = plan.isTimed || isHeard ? plan.world.now() : undefined;
  const outer = name === undefined ? given : new Context(name, {}, given);
  const nextWaitMs = nominalWait(plan, switches, 1);
  const context = outer.nextWaitMs === nextWaitMs ? outer : outer.derive({ nextWaitMs });
  const isAccounted = isHeard || budget !== undefined || plan.adviseOnValue !== undefined;
  budget?.started();
  return { plan, switches, outer, context, startedMs, scope: openScope(plan, outer.name), isAccounted };
}

/** The wait after an attempt, without jitter; 0 where there will be none. */
export function nominalWait({ backoff }: RetryPlan, { isActive, testing }: Switches, number: number): number {
  return isActive && testing === undefined ? backoff.nominalMs(number) : 0;
}

const told = new WeakSet<RetryPlan>();

function openScope(plan: RetryPlan, name: string): RetryScope | undefined {
  const around = scopeAround();
  if (plan.nested === undefined && around === undefined) return undefined;
  const scope = new RetryScope(name, plan.attempts, plan.nested, around);
  const { attempts } = scope;
  if (around !== undefined && attempts > manyAttempts && plan.reporter.isHeard && !told.has(plan)) {
    told.add(plan);
    plan.reporter.report({ type: 'retry.nested', at: plan.world.wallNow(), name, outer: around.name, attempts });
  }
  return scope;
}
