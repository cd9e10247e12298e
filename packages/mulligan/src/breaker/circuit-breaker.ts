import { checkKeys, Reporter, systemWorld } from '../kernel/index.ts';
import { BreakerCore, type Surroundings } from './core.ts';
import { type KeyedBreakerOptions, KeyedBreakers, type KeyedCircuitBreaker } from './keyed.ts';
import { breakerDefaults, type CircuitBreakerOptions } from './options.ts';
import { breakerSettingNames, planBreaker } from './plan.ts';
import { breakerPolicy } from './policy.ts';
import type { CircuitBreaker } from './breaker.ts';

/** See {@link circuitBreaker}. */
export interface CircuitBreakerFactory {
  /** One breaker. */
  (options?: CircuitBreakerOptions): CircuitBreaker;
  /** One breaker per key, such as per host or per proxy, made when first asked for. */
  keyed(options?: CircuitBreakerOptions, keyedOptions?: KeyedBreakerOptions): KeyedCircuitBreaker;
}

/**
 * Stops calling what keeps failing, so that it can recover and its callers need not wait for it, and tests after a
 * while whether it is well again: closed → open → half open → closed.
 *
 * @example
 * const breaker = circuitBreaker({ failures: 5, window: '60s', openFor: '30s' });
 * const getUser = pipeline(retry(), breaker)(fetchUser);
 *
 * @throws {CircuitOpenError} instead of calling, while it is open
 */
export const circuitBreaker: CircuitBreakerFactory = Object.assign(
  (options: CircuitBreakerOptions = {}) => {
    const { surroundings, name = breakerDefaults.name } = read(options);
    return breakerPolicy(new BreakerCore(name, surroundings));
  },
  {
    keyed: (options: CircuitBreakerOptions = {}, keyedOptions: KeyedBreakerOptions = {}) => {
      const { surroundings, name } = read(options);
      return new KeyedBreakers(surroundings, name, keyedOptions);
    },
  },
);

function read(options: CircuitBreakerOptions): { surroundings: Surroundings; name: string | undefined } {
  checkKeys('circuitBreaker', options, [...breakerSettingNames, 'name', 'onEvent', 'world']);
  const { name, onEvent, world = systemWorld, ...settings } = options;
  const plan = planBreaker(settings, world.random);
  return { name, surroundings: { world, reporter: new Reporter(onEvent), settings, plan } };
}
