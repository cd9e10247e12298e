import { definePolicy, keyed, type Keyed, type KeyedOptions } from '../../kernel/index.ts';
import type { RateLimit, RateLimitOptions } from './options.ts';
import { planRateLimit } from './plan.ts';
import { Turnstile } from './turnstile.ts';

/** See {@link rateLimit}. */
export interface RateLimitFactory {
  /** One limit. */
  (options: RateLimitOptions): RateLimit;
  /** One limit per key, such as per host or per customer, made when first asked for. */
  keyed(options: RateLimitOptions, keyedOptions?: KeyedOptions): Keyed<RateLimit>;
}

/**
 * Lets only so many calls begin within a time. Further calls wait for their turn, the first come first, and an abort
 * ends their wait at once, for the good of those behind them.
 *
 * @example
 * const search = rateLimit({ permits: 30, per: '1m' })(github.search);
 *
 * @throws {RateLimitedError} when a call would have to wait too long
 */
export const rateLimit: RateLimitFactory = Object.assign(
  (options: RateLimitOptions) => {
    const plan = planRateLimit(options);
    const turnstile = new Turnstile(plan);
    const description = { kind: 'rateLimit', name: plan.name };
    const policy = definePolicy((next, context) => turnstile.run(next, context), description);
    const tryAcquire = (): boolean => turnstile.tryAcquire();
    return Object.assign(policy, { tryAcquire, snapshot: () => turnstile.snapshot() }) as RateLimit;
  },
  {
    keyed: (options: RateLimitOptions, keyedOptions: KeyedOptions = {}) => {
      planRateLimit(options);
      const name = (key: string): string => (options.name === undefined ? key : `${options.name}:${key}`);
      return keyed((key) => rateLimit({ ...options, name: name(key) }), keyedOptions);
    },
  },
);
