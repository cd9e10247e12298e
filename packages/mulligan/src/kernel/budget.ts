import type { ErrorCategory } from './category-table.ts';

/** What a budget is told about the failure that a retry would answer. */
export interface BudgetedFailure {
  /** The category of the failure, see `categorize`; `undefined` when a value was not accepted. */
  readonly category: ErrorCategory | undefined;
}

/**
 * How many retries a group of calls may spend together. Backoff spreads a storm out; only a budget bounds it.
 * The same budget may be given to any number of policies.
 *
 * `price` is what a call paid for its newest retry, as {@link RetryBudget.tryPay} said; `undefined` when it made none.
 */
export interface RetryBudget {
  /** How many retries could be paid for now. */
  readonly balance: number;
  /** A call begins. It ends with exactly one of {@link RetryBudget.succeeded} and {@link RetryBudget.gaveUp}. */
  started(): void;
  /** An attempt has failed in a way that is worth a retry, whether or not there will be one. */
  failed(failure: BudgetedFailure): void;
  /**
   * Pays for one retry. Returns its price, or `undefined` when there is not enough left.
   * @param price of the retry before, which has ended
   */
  tryPay(failure: BudgetedFailure, price: number | undefined): number | undefined;
  /** Gives back the price of a retry that will not be made after all, because the call ended during the wait. */
  refund(price: number): void;
  /** A call has succeeded. */
  succeeded(price: number | undefined): void;
  /** A call was given up. */
  gaveUp(price: number | undefined): void;
}
