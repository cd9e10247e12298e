import { definePolicy } from '../kernel/index.ts';
import { type BreakerCore, changeSettings } from './core.ts';
import type { BreakerSettings } from './options.ts';
import type { CircuitBreaker } from './breaker.ts';

const held = Symbol('mulligan.breaker');

interface Holder {
  readonly [held]: BreakerCore;
}

/** What a breaker can do besides wrapping functions. One object for all of them: there may be a hundred thousand. */
const surface: object = Object.create(
  Function.prototype,
  Object.getOwnPropertyDescriptors({
    peek(this: Holder) {
      return this[held].peek();
    },
    tryAcquire(this: Holder) {
      return this[held].tryAcquire();
    },
    isolate(this: Holder) {
      this[held].isolate();
    },
    reset(this: Holder) {
      this[held].reset();
    },
    snapshot(this: Holder) {
      return this[held].snapshot();
    },
    configure(this: Holder, changes: BreakerSettings) {
      this[held].surroundings = changeSettings(this[held].surroundings, changes);
    },
  } satisfies Omit<{ [K in keyof CircuitBreaker]: CircuitBreaker[K] }, 'name' | 'state' | 'execute' | 'description'>),
);
Object.defineProperty(surface, 'state', {
  get(this: Holder) {
    return this[held].state;
  },
});

/** Makes a policy of a breaker's core. */
export function breakerPolicy(core: BreakerCore): CircuitBreaker {
  const description = { kind: 'circuitBreaker', name: core.name };
  const policy = definePolicy((next, context) => core.run(next, context), description);
  return Object.assign(Object.setPrototypeOf(policy, surface) as CircuitBreaker, { [held]: core });
}

/** The core of a breaker made by {@link breakerPolicy}. */
export function coreOf(breaker: CircuitBreaker): BreakerCore {
  return (breaker as unknown as Holder)[held];
}
