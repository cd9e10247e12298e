/** Retry: one engine, and the ways to call it. */
export type { Advice, ErrorMatcher, ErrorPredicate, ValuePredicate } from './advice.ts';
export {
  type Backoff,
  type BackoffFunction,
  type BackoffOptions,
  constant,
  type ConstantOptions,
  decorrelated,
  exponential,
  type ExponentialOptions,
  fibonacci,
  linear,
} from './backoff.ts';
export type { ConcurrencyBudgetOptions } from './budget/concurrency.ts';
export type { QuotaBudgetOptions } from './budget/quota.ts';
export type { RatioBudgetOptions } from './budget/ratio.ts';
export { retryBudget, type RetryBudgets } from './budget/retry-budget.ts';
export type { ThrottleBudgetOptions } from './budget/throttle.ts';
export type { WaitFit } from './decide.ts';
export type { AddJitter, Jitter, PlusMinusJitter } from './jitter.ts';
export { type Ledger, type LedgerEntry, ledgerOf } from './ledger.ts';
export { type OnRetry, retryDefaults, type RetryOptions, type TotalTimeout } from './options.ts';
export { type Retry, retry } from './retry.ts';
