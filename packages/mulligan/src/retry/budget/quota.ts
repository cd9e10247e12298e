import {
  type BudgetedFailure,
  checkKeys,
  checkNumber,
  type ErrorCategory,
  type RetryBudget,
} from '../../kernel/index.ts';

/** Options of `retryBudget.quota`. The defaults are those of the AWS SDKs' 2026 revision. */
export interface QuotaBudgetOptions {
  /** How many tokens there are at the start and at most. Default 500. */
  readonly capacity?: number;
  /** What a retry costs. Default 14; the AWS SDKs took 5 before 2026. */
  readonly cost?: number;
  /**
   * What a retry costs after failures of these categories. Default `{ 'rate-limit': 5 }`; the AWS SDKs took
   * `{ timeout: 10 }` before 2026.
   */
  readonly costs?: Partial<Record<ErrorCategory, number>>;
  /** What a call gives back that succeeds at its first attempt. Default 1. A retry that succeeds gives its cost back. */
  readonly reward?: number;
}

/** A purse of tokens that failures empty and successes fill: the AWS SDKs' retry quota. It knows no time. */
export class QuotaBudget implements RetryBudget {
  readonly #capacity: number;
  readonly #cost: number;
  readonly #costs: Partial<Record<ErrorCategory, number>>;
  readonly #reward: number;
  #tokens: number;

  constructor(options: QuotaBudgetOptions) {
    checkKeys('retryBudget.quota', options, ['capacity', 'cost', 'costs', 'reward']);
    const { capacity = 500, cost = 14, costs = { 'rate-limit': 5 }, reward = 1 } = options;
    this.#capacity = checkNumber('capacity', capacity, { min: 1 });
    this.#cost = checkNumber('cost', cost, { min: 0 });
    for (const [category, price] of Object.entries(costs)) checkNumber(`costs.${category}`, price, { min: 0 });
    this.#costs = { ...costs };
    this.#reward = checkNumber('reward', reward, { min: 0 });
    this.#tokens = capacity;
  }

  get balance(): number {
    return this.#cost === 0 ? Number.POSITIVE_INFINITY : Math.floor(this.#tokens / this.#cost);
  }

  tryPay({ category }: BudgetedFailure): number | undefined {
    const price = (category === undefined ? undefined : this.#costs[category]) ?? this.#cost;
    if (price > this.#tokens) return undefined;
    this.#tokens -= price;
    return price;
  }

  refund(price: number): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + price);
  }

  succeeded(price: number | undefined): void {
    this.refund(price ?? this.#reward);
  }

  started(): void {}
  failed(): void {}
  gaveUp(): void {}
}
