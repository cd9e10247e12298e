import {
  checkDuration,
  checkKeys,
  type Duration,
  Reporter,
  systemWorld,
  TimeLimit,
  type World,
} from '../kernel/index.ts';
import type { TimeoutOptions } from './options.ts';

/** {@link TimeoutOptions}, checked once and in one fixed shape. */
export interface TimeoutPlan {
  /** `undefined` where nothing is limited. */
  readonly limit: TimeLimit | undefined;
  readonly name: string | undefined;
  readonly reporter: Reporter;
  readonly world: World;
}

/** Checks the options and answers what is wrong with them in sentences. */
export function planTimeout(given: Duration | TimeoutOptions): TimeoutPlan {
  const options = typeof given === 'object' && 'after' in given ? given : { after: given };
  checkKeys('timeout', options, ['after', 'name', 'onEvent', 'world']);
  const { after, name, onEvent, world = systemWorld } = options;
  const afterMs = checkDuration('timeout', after, 1);
  const limit = afterMs === Number.POSITIVE_INFINITY ? undefined : new TimeLimit(world, afterMs, 'call');
  return { limit, name, reporter: new Reporter(onEvent), world };
}
