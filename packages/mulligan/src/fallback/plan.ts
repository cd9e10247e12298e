import { checkFunction, checkKeys, Reporter, resolveErrorFilter, systemWorld, type World } from '../kernel/index.ts';
import type { FallbackFunction, FallbackOptions } from './options.ts';

/** What `fallback` was given, checked once and in one fixed shape. */
export interface FallbackPlan {
  readonly stand: FallbackFunction<unknown>;
  readonly answers: (error: unknown) => boolean;
  readonly isFailure: ((value: unknown) => boolean) | undefined;
  readonly name: string | undefined;
  readonly reporter: Reporter;
  readonly world: World;
}

/** Checks the options and answers what is wrong with them in sentences. */
export function planFallback(given: unknown, options: FallbackOptions): FallbackPlan {
  checkKeys('fallback', options, ['on', 'unless', 'isFailure', 'name', 'onEvent', 'world']);
  const { on, unless, isFailure, name, onEvent, world = systemWorld } = options;
  if (isFailure !== undefined) checkFunction('isFailure', isFailure);
  const accepts = on === undefined ? () => true : resolveErrorFilter('on', on);
  const refuses = unless === undefined ? () => false : resolveErrorFilter('unless', unless);
  return {
    stand: typeof given === 'function' ? (given as FallbackFunction<unknown>) : () => given,
    answers: (error) => !refuses(error) && accepts(error),
    isFailure: isFailure as ((value: unknown) => boolean) | undefined,
    name,
    reporter: new Reporter(onEvent),
    world,
  };
}
