import {
  checkDuration,
  checkKeys,
  checkNumber,
  checkOneOf,
  DeadlineQueue,
  InvalidOptionError,
  Reporter,
  systemWorld,
  type World,
} from '../../kernel/index.ts';
import type { BulkheadOptions } from './options.ts';

/** {@link BulkheadOptions}, checked once and in one fixed shape. */
export interface BulkheadPlan {
  readonly concurrent: number;
  readonly queue: number;
  /** Ends waits that take too long; `undefined` where they may take for ever. */
  readonly patience: DeadlineQueue | undefined;
  readonly isNewestFirst: boolean;
  readonly name: string;
  readonly reporter: Reporter;
  readonly world: World;
}

const names: readonly (keyof BulkheadOptions)[] = [
  'concurrent',
  'queue',
  'queueTimeout',
  'order',
  'name',
  'onEvent',
  'world',
];

/** Checks the options and answers what is wrong with them in sentences. */
export function planBulkhead(options: BulkheadOptions): BulkheadPlan {
  checkKeys('bulkhead', options, names);
  const { concurrent = 25, queue = 0, queueTimeout, order = 'fifo', world = systemWorld } = options;
  if (queueTimeout !== undefined && queue === 0) {
    const message = 'queueTimeout means nothing without a queue: give queue a number above 0';
    throw new InvalidOptionError('queueTimeout', queueTimeout, message);
  }
  const queueMs =
    queueTimeout === undefined ? Number.POSITIVE_INFINITY : checkDuration('queueTimeout', queueTimeout, 1);
  return {
    concurrent: checkNumber('concurrent', concurrent, { min: 1, whole: true }),
    queue: checkNumber('queue', queue, { min: 0, whole: true }),
    patience: queueMs === Number.POSITIVE_INFINITY ? undefined : new DeadlineQueue(world, queueMs),
    isNewestFirst: checkOneOf('order', order, ['fifo', 'lifo']) === 'lifo',
    name: options.name ?? 'bulkhead',
    reporter: new Reporter(options.onEvent),
    world,
  };
}
