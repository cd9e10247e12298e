import { systemWorld, type World } from 'mulligan';

/** The real world, but for waits: they end at once, and are remembered. Chance always draws nearly 1. */
export interface HurriedWorld extends World {
  /** In milliseconds, rounded. */
  readonly waits: readonly number[];
}

export function hurriedWorld(): HurriedWorld {
  const waits: number[] = [];
  return {
    ...systemWorld,
    waits,
    random: () => 0.999_999,
    setTimer(callback, delayMs) {
      waits.push(Math.round(delayMs));
      return systemWorld.setTimer(callback, 0);
    },
  };
}
