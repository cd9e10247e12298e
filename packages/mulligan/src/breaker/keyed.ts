import { checkKeys, checkNumber } from '../kernel/index.ts';
import { BreakerCore, changeSettings, type Surroundings } from './core.ts';
import { breakerDefaults, type BreakerSettings } from './options.ts';
import { breakerPolicy, coreOf } from './policy.ts';
import type { BreakerSnapshot, CircuitBreaker } from './breaker.ts';

/** Options of `circuitBreaker.keyed`. */
export interface KeyedBreakerOptions {
  /**
   * How many breakers to keep. One too many, and one that is closed and has counted nothing is forgotten; if there is
   * none, the oldest. @default 10_000
   */
  readonly maxKeys?: number;
}

/** One breaker per key, all with the same settings. */
export interface KeyedCircuitBreaker {
  /** The breaker of this key, made if there is none. */
  for(key: string): CircuitBreaker;
  /** The breaker of this key, if there is one. */
  get(key: string): CircuitBreaker | undefined;
  /** Forgets the breaker of this key. Returns whether there was one. */
  delete(key: string): boolean;
  keys(): IterableIterator<string>;
  snapshot(): Record<string, BreakerSnapshot>;
  /** Changes settings of all breakers, those to come included. */
  configure(changes: BreakerSettings): void;
}

/** See {@link KeyedCircuitBreaker}. */
export class KeyedBreakers implements KeyedCircuitBreaker {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #prefix: string;
  readonly #maxKeys: number;
  #surroundings: Surroundings;

  constructor(surroundings: Surroundings, name: string | undefined, options: KeyedBreakerOptions) {
    checkKeys('circuitBreaker.keyed', options, ['maxKeys']);
    this.#surroundings = surroundings;
    this.#prefix = name === undefined ? '' : `${name}:`;
    this.#maxKeys = checkNumber('maxKeys', options.maxKeys ?? breakerDefaults.maxKeys, { min: 1, whole: true });
  }

  for(key: string): CircuitBreaker {
    const known = this.#breakers.get(key);
    if (known !== undefined) return known;
    if (this.#breakers.size >= this.#maxKeys) this.#forgetOne();
    const breaker = breakerPolicy(new BreakerCore(this.#prefix + key, this.#surroundings));
    this.#breakers.set(key, breaker);
    return breaker;
  }

  get(key: string): CircuitBreaker | undefined {
    return this.#breakers.get(key);
  }

  delete(key: string): boolean {
    return this.#breakers.delete(key);
  }

  keys(): IterableIterator<string> {
    return this.#breakers.keys();
  }

  snapshot(): Record<string, BreakerSnapshot> {
    return Object.fromEntries([...this.#breakers].map(([key, breaker]) => [key, breaker.snapshot()]));
  }

  configure(changes: BreakerSettings): void {
    this.#surroundings = changeSettings(this.#surroundings, changes);
    for (const breaker of this.#breakers.values()) coreOf(breaker).surroundings = this.#surroundings;
  }

  /** A breaker that is closed and has counted nothing is the same as a new one: to forget it loses nothing. */
  #forgetOne(): void {
    let victim: string | undefined;
    for (const [key, breaker] of this.#breakers) {
      victim ??= key;
      const { state, failureCount } = breaker.snapshot();
      if (state !== 'closed' || failureCount > 0) continue;
      victim = key;
      break;
    }
    if (victim !== undefined) this.#breakers.delete(victim);
  }
}
