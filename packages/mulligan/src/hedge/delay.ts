import { DeadlineQueue, type World } from '../kernel/index.ts';
import { MovingQuantile } from './quantile.ts';

/** When a hedge is due. */
export interface HedgeDelay {
  /** Calls back when the hedge is due; never, where nothing is known yet. Returns how to call that off. */
  start(due: () => void): () => void;
  /** How long a call took or, if it was cut off, at least took. */
  learn(durationMs: number): void;
}

/** Always the same: however many calls there are, they share one timer. */
export function fixedDelay(world: World, afterMs: number): HedgeDelay {
  const queue = new DeadlineQueue(world, afterMs);
  return {
    start: (due) => queue.add(world.now(), due),
    learn() {},
  };
}

/** {@link MovingQuantile} with its bounds. */
export interface QuantilePlan {
  readonly quantile: number;
  readonly age: number;
  readonly minimumCalls: number;
  readonly minMs: number;
}

/** Follows how long calls take. */
export function quantileDelay(world: World, { quantile, age, minimumCalls, minMs }: QuantilePlan): HedgeDelay {
  const estimate = new MovingQuantile(quantile, age);
  return {
    start(due) {
      if (estimate.samples < minimumCalls) return () => {};
      const timer = world.setTimer(due, Math.max(estimate.value, minMs));
      return () => timer.cancel();
    },
    learn: (durationMs) => estimate.add(durationMs),
  };
}
