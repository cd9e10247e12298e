/** What a budget is told about the failure that a retry would answer. */
export interface BudgetedFailure {
  /** The category of the failure, see `categorize`; `undefined` when a value was not accepted. */
  readonly category: string | undefined;
}

/**
 * How many retries a group of calls may spend together. Backoff spreads a storm out; only a budget bounds it.
 * The same budget may be given to any number of policies.
 */
export interface RetryBudget {
  /** A call begins. */
  started(): void;
  /** Pays for one retry. Returns its price, or `undefined` when there is not enough left. */
  tryPay(failure: BudgetedFailure): number | undefined;
  /** A call has succeeded; `lastPrice` is what its last retry cost, `undefined` when it needed none. */
  succeeded(lastPrice: number | undefined): void;
  /** An attempt has failed in a way that the group should know about. */
  failed(failure: BudgetedFailure): void;
}
