import {
  checkKeys,
  checkNumber,
  type Context,
  definePolicy,
  type Duration,
  InvalidOptionError,
  type Next,
  type Policy,
  sleep,
  systemWorld,
  toMs,
  type World,
} from '../kernel/index.ts';
import { seededRandom } from './random.ts';

/** What {@link chaos} does to a share of the attempts. At least one of `fault`, `latency` and `outcome` is needed. */
export interface ChaosOptions {
  /** The share of attempts that something is done to, from 0 to 1. Default 0.001 (Polly). */
  readonly rate?: number;
  /** Throws this in place of running the operation. */
  readonly fault?: () => unknown;
  /** Returns this in place of running the operation. */
  readonly outcome?: () => unknown;
  /** Waits before anything else; an abort ends the wait. */
  readonly latency?: Duration | (() => Duration);
  /** Asked before each attempt; false leaves it alone. Default: always on. */
  readonly enabled?: boolean | (() => boolean);
  /** Makes the lots repeat. Without it they come from the world. */
  readonly seed?: number;
  readonly world?: World;
}

/** {@link ChaosOptions}, checked. */
interface ChaosPlan {
  readonly rate: number;
  readonly isEnabled: () => boolean;
  readonly latencyMs: () => number;
  readonly replace: (() => unknown) | undefined;
  readonly random: () => number;
  readonly world: World;
}

/**
 * Injects faults, delays and results into a share of the attempts. Put it innermost in a `pipeline`, so that the
 * policies around it meet what they are there for.
 *
 * @example
 * pipeline(retry(), circuitBreaker(), chaos({ rate: 0.2, fault: () => new Error('injected'), seed: 7 }));
 */
export function chaos(options: ChaosOptions): Policy {
  const plan = planChaos(options);
  return definePolicy((next, context) => unsettle(plan, next, context), { kind: 'chaos' });
}

function planChaos(options: ChaosOptions): ChaosPlan {
  checkKeys('chaos', options, ['rate', 'fault', 'outcome', 'latency', 'enabled', 'seed', 'world']);
  const { rate = 0.001, fault, outcome, latency, enabled = true, seed, world = systemWorld } = options;
  if (fault === undefined && outcome === undefined && latency === undefined) {
    throw new InvalidOptionError('chaos', options, 'chaos needs at least one of fault, outcome and latency');
  }
  return {
    rate: checkNumber('chaos.rate', rate, { min: 0, max: 1 }),
    isEnabled: typeof enabled === 'function' ? enabled : () => enabled,
    latencyMs: () => toMs((typeof latency === 'function' ? latency() : latency) ?? 0, 'chaos.latency'),
    replace: fault === undefined ? outcome : () => raise(fault()),
    random: seed === undefined ? world.random : seededRandom(seed),
    world,
  };
}

function raise(error: unknown): never {
  throw error;
}

async function unsettle<T>(plan: ChaosPlan, next: Next<T>, context: Context): Promise<T> {
  if (!plan.isEnabled() || plan.random() >= plan.rate) return next(context);
  await sleep(plan.world, plan.latencyMs(), context.isCancellable ? context.cancellation : undefined);
  return plan.replace === undefined ? next(context) : (plan.replace() as T);
}
