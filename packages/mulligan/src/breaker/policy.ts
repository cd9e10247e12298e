import { definePolicy } from '../kernel/index.ts';
import { type BreakerCore, changeSettings } from './core.ts';
import type { BreakerSettings } from './options.ts';
import type { CircuitBreaker } from './breaker.ts';

const held = Symbol('mulligan.breaker');

interface Holder {
  readonly [held]: BreakerCore;
}

/** One object for all breakers: there may be a hundred thousand. */
const surface = makeSurface();

/** What a breaker can do besides wrapping functions. */
function makeSurface(): object {
  const abilities = {
    get state() {
      return (this as unknown as Holder)[held].state;
    },
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
  } satisfies Omit<{ [K in keyof CircuitBreaker]: CircuitBreaker[K] }, 'name' | 'execute' | 'description'>;
  return Object.create(Function.prototype, Object.getOwnPropertyDescriptors(abilities)) as object;
}

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
