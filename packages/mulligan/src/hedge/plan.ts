import {
  checkDuration,
  checkKeys,
  checkNumber,
  type Duration,
  InvalidOptionError,
  Reporter,
  show,
  systemWorld,
  type World,
} from '../kernel/index.ts';
import { Allowance } from './allowance.ts';
import { fixedDelay, type HedgeDelay, quantileDelay } from './delay.ts';
import type { HedgeOptions, QuantileDelay } from './options.ts';

/** {@link HedgeOptions}, checked once and in one fixed shape. */
export interface HedgePlan {
  readonly delay: HedgeDelay;
  readonly hedges: number;
  readonly allowance: Allowance;
  readonly name: string | undefined;
  readonly reporter: Reporter;
  readonly world: World;
}

const names: readonly (keyof HedgeOptions)[] = ['after', 'hedges', 'maxExtraLoad', 'burst', 'name', 'onEvent', 'world'];

/** Checks the options and answers what is wrong with them in sentences. */
export function planHedge(options: HedgeOptions): HedgePlan {
  checkKeys('hedge', options, names);
  const { after = { quantile: 0.95 }, hedges = 1, maxExtraLoad = 0.05, burst = 10, world = systemWorld } = options;
  checkNumber('maxExtraLoad', maxExtraLoad, { min: 0 });
  checkNumber('burst', burst, { min: 1, whole: true });
  return {
    delay: planDelay(after, world),
    hedges: checkNumber('hedges', hedges, { min: 1, max: 10, whole: true }),
    allowance: new Allowance(maxExtraLoad, burst),
    name: options.name,
    reporter: new Reporter(options.onEvent),
    world,
  };
}

function planDelay(after: Duration | QuantileDelay, world: World): HedgeDelay {
  if (typeof after !== 'object' || !('quantile' in after)) return fixedDelay(world, checkDuration('after', after, 1));
  checkKeys('after', after, ['quantile', 'age', 'minimumCalls', 'min']);
  const { quantile, age = 100, minimumCalls = 20, min = 1 } = after;
  if (!(quantile > 0 && quantile < 1)) {
    const message = `after.quantile must be above 0 and below 1, such as 0.95, got ${show(quantile)}`;
    throw new InvalidOptionError('after.quantile', quantile, message);
  }
  return quantileDelay(world, {
    quantile,
    age: checkNumber('after.age', age, { min: 1 }),
    minimumCalls: checkNumber('after.minimumCalls', minimumCalls, { min: 1, whole: true }),
    minMs: checkDuration('after.min', min, 1),
  });
}
