import { checkDuration, checkKeys, checkNumber, Reporter, systemWorld, type World } from '../../kernel/index.ts';
import type { RateLimitOptions } from './options.ts';
import { type Pace, SlidingLog, TokenBucket } from './pace.ts';

/** {@link RateLimitOptions}, checked once and in one fixed shape. */
export interface RateLimitPlan {
  readonly pace: Pace;
  readonly maxWaitMs: number;
  readonly queue: number;
  readonly name: string;
  readonly reporter: Reporter;
  readonly world: World;
}

const names: readonly (keyof RateLimitOptions)[] = [
  'permits',
  'per',
  'burst',
  'maxWait',
  'queue',
  'name',
  'onEvent',
  'world',
];

/** Checks the options and answers what is wrong with them in sentences. */
export function planRateLimit(options: RateLimitOptions): RateLimitPlan {
  checkKeys('rateLimit', options, names);
  const { per = 1000, burst, maxWait = 5000, queue = Number.POSITIVE_INFINITY, world = systemWorld } = options;
  const permits = checkNumber('permits', options.permits, { min: 1, max: 1_000_000, whole: true });
  const perMs = checkDuration('per', per, 1);
  if (burst !== undefined) checkNumber('burst', burst, { min: 1, whole: true });
  return {
    pace: burst === undefined ? new SlidingLog(permits, perMs) : new TokenBucket(perMs / permits, burst),
    maxWaitMs: checkDuration('maxWait', maxWait),
    queue: checkNumber('queue', queue, { min: 0, whole: true }),
    name: options.name ?? 'rateLimit',
    reporter: new Reporter(options.onEvent),
    world,
  };
}
