/** Retry: one engine, and the ways to call it. */
export {
  type AdaptiveRate,
  adaptiveRate,
  type AdaptiveRateFactory,
  type AdaptiveRateOptions,
} from './adaptive/adaptive-rate.ts';
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
export {
  type BlockAttempt,
  type BlockResult,
  type RetryContext,
  retryContext,
  type SyncBlockAttempt,
} from './block.ts';
export { calculateDelay, type DelayOptions } from './calculate-delay.ts';
export type { WaitFit } from './decide.ts';
export type { AddJitter, Jitter, PlusMinusJitter } from './jitter.ts';
export { type Ledger, type LedgerEntry, ledgerOf } from './ledger.ts';
export type { Nesting } from './nested.ts';
export { type OnRetry, retryDefaults, type RetryOptions, type TotalTimeout } from './options.ts';
export { type NoFunction, type Retry, retry } from './retry.ts';
export {
  type RetrySync,
  retrySync,
  type SyncFunction,
  type SyncOperation,
  type SyncPolicy,
  type WithSyncFunction,
} from './retry-sync.ts';
export { RetryableClient } from './retryable-client.ts';
export { RetryingCaller } from './retrying-caller.ts';
export { shouldRetry } from './should-retry.ts';
