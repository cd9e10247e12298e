import { checkNumber, systemWorld, type World } from '../kernel/index.ts';
import { exponential, type ExponentialOptions } from './backoff.ts';

/** Options of {@link calculateDelay}: those of `exponential`, with the defaults of seed 2 (1 s, 60 s). */
export interface DelayOptions extends ExponentialOptions {
  /** Where chance comes from. @default systemWorld */
  readonly world?: Pick<World, 'random'>;
}

/**
 * The wait after an attempt in milliseconds, for those who write their own loop.
 * @param attempt the attempt that failed, counted from **0** as in seed 2
 */
export function calculateDelay(attempt: number, options: DelayOptions = {}): number {
  const { world = systemWorld, initial = 1000, max = 60_000, ...rest } = options;
  checkNumber('attempt', attempt, { min: 0, whole: true });
  return exponential({ initial, max, ...rest })(attempt + 1, undefined, world.random);
}
