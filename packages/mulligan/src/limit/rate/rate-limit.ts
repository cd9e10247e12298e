import { definePolicy, type Keyed, type KeyedOptions } from '../../kernel/index.ts';
import { perKey } from '../per-key.ts';
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
export const rateLimit: RateLimitFactory = Object.assign(makeRateLimit, {
  keyed: (options: RateLimitOptions, keyedOptions?: KeyedOptions) => perKey(makeRateLimit, options, keyedOptions),
});

function makeRateLimit(options: RateLimitOptions): RateLimit {
  const plan = planRateLimit(options);
  const turnstile = new Turnstile(plan);
  const policy = definePolicy((next, context) => turnstile.run(next, context), { kind: 'rateLimit', name: plan.name });
  const tryAcquire = (): boolean => turnstile.tryAcquire();
  return Object.assign(policy, { tryAcquire, snapshot: () => turnstile.snapshot() }) as RateLimit;
}
