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
  const nextWaitMs = hasWaits(switches) ? plan.firstWaitMs : 0;
  const context = outer.nextWaitMs === nextWaitMs ? outer : outer.derive({ nextWaitMs });
  const isAccounted = isHeard || budget !== undefined || plan.adviseOnValue !== undefined;
  const around = scopeAround();
  const isNested = plan.nested !== undefined || around !== undefined;
  budget?.started();
  const scope = isNested ? openScope(plan, outer.name, around) : undefined;
  return { plan, switches, outer, context, startedMs, scope, isAccounted };
}

/** Whether there are waits at all. */
export function hasWaits({ isActive, testing }: Switches): boolean {
  return isActive && testing === undefined;
}

const told = new WeakSet<RetryPlan>();

function openScope(plan: RetryPlan, name: string, around: RetryScope | undefined): RetryScope {
  const scope = new RetryScope(name, plan.attempts, plan.nested, around);
  const { attempts } = scope;
  if (around !== undefined && attempts > manyAttempts && plan.reporter.isHeard && !told.has(plan)) {
    told.add(plan);
    plan.reporter.report({ type: 'retry.nested', at: plan.world.wallNow(), name, outer: around.name, attempts });
  }
  return scope;
}
