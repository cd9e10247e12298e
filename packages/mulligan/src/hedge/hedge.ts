import { definePolicy, type Policy } from '../kernel/index.ts';
import type { HedgeOptions } from './options.ts';
import { planHedge } from './plan.ts';
import { Race } from './race.ts';

/**
 * Makes a call once more beside itself when it takes longer than most: whichever succeeds first is the result, and the
 * others are aborted through their signals. It fails only when all have failed, with the last error unchanged. A call
 * that fails before a hedge was due fails at once: to try again is the work of `retry`.
 *
 * For calls that may be made twice. What runs at the same time must hear its signal, or it costs its full price.
 *
 * @example
 * const search = hedge({ after: { quantile: 0.95 }, maxExtraLoad: 0.05 })(searchReplica);
 */
export function hedge(options: HedgeOptions = {}): Policy {
  const plan = planHedge(options);
  const named = plan.name === undefined ? {} : { name: plan.name };
  return definePolicy((next, context) => new Race(plan, next, context).run(), { kind: 'hedge', ...named });
}
