/** Circuit breaker: stops calling what keeps failing, and tests whether it is well again. */
export { circuitBreaker, type CircuitBreakerFactory } from './circuit-breaker.ts';
export { CircuitOpenError } from './error.ts';
export type { KeyedBreakerOptions, KeyedCircuitBreaker } from './keyed.ts';
export {
  breakerDefaults,
  type BreakerSettings,
  type CallCountWindow,
  type CircuitBreakerOptions,
  type GrowingOpenFor,
  type HalfOpenSettings,
  type OpenForFunction,
} from './options.ts';
export type { BreakerLease, BreakerPeek, BreakerSnapshot, CircuitBreaker } from './breaker.ts';
