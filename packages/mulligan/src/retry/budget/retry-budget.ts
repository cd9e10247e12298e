import { type Keyed, keyed, type KeyedOptions, type RetryBudget } from '../../kernel/index.ts';
import { ConcurrencyBudget, type ConcurrencyBudgetOptions } from './concurrency.ts';
import { QuotaBudget, type QuotaBudgetOptions } from './quota.ts';
import { RatioBudget, type RatioBudgetOptions } from './ratio.ts';
import { ThrottleBudget, type ThrottleBudgetOptions } from './throttle.ts';

/** The kinds of {@link retryBudget}. */
export interface RetryBudgets {
  /** Retries as a share of calls, with a floor (Finagle). The kind to take unless you know better. */
  (options?: RatioBudgetOptions): RetryBudget;
  /** A purse of tokens that failures empty and successes fill (AWS). */
  quota(options?: QuotaBudgetOptions): RetryBudget;
  /** No retries while failures prevail (gRPC). */
  throttle(options?: ThrottleBudgetOptions): RetryBudget;
  /** Retries as a share of the calls in flight (Envoy). */
  concurrency(options?: ConcurrencyBudgetOptions): RetryBudget;
  /** One budget per key, such as a host: a storm at one must not take the retries of another. */
  keyed(make?: (key: string) => RetryBudget, options?: KeyedOptions): Keyed<RetryBudget>;
}

/**
 * Makes a budget that calls share: `retry({ budget })`. When it is spent, a call gives up with its last error and the
 * reason `'budget'`.
 *
 * @example
 * const budget = retryBudget({ ratio: 0.2, floorPerSecond: 10 });
 * const perHost = retryBudget.keyed(() => retryBudget());
 * await retry(fetchUser, { budget: perHost.for('api.example.com') });
 */
export const retryBudget: RetryBudgets = Object.assign((options: RatioBudgetOptions = {}) => new RatioBudget(options), {
  quota: (options: QuotaBudgetOptions = {}) => new QuotaBudget(options),
  throttle: (options: ThrottleBudgetOptions = {}) => new ThrottleBudget(options),
  concurrency: (options: ConcurrencyBudgetOptions = {}) => new ConcurrencyBudget(options),
  keyed: (make: (key: string) => RetryBudget = () => new RatioBudget({}), options?: KeyedOptions) =>
    keyed(make, options),
});
