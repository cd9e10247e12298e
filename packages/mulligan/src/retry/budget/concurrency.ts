import { type BudgetedFailure, checkKeys, checkNumber, type RetryBudget } from '../../kernel/index.ts';

/** Options of `retryBudget.concurrency`. */
export interface ConcurrencyBudgetOptions {
  /** The largest share of the calls in flight that may be retrying, from 0 to 1. Default 0.2. */
  readonly ratio?: number;
  /** So many may retry at once, whatever the share. Default 3. */
  readonly minConcurrency?: number;
}

/** Retries as a share of the calls in flight: Envoy's budget. A call that waits for its retry is in flight, too. */
export class ConcurrencyBudget implements RetryBudget {
  readonly #ratio: number;
  readonly #min: number;
  #calls = 0;
  #retrying = 0;

  constructor(options: ConcurrencyBudgetOptions) {
    checkKeys('retryBudget.concurrency', options, ['ratio', 'minConcurrency']);
    const { ratio = 0.2, minConcurrency = 3 } = options;
    this.#ratio = checkNumber('ratio', ratio, { min: 0, max: 1 });
    this.#min = checkNumber('minConcurrency', minConcurrency, { min: 0, whole: true });
  }

  get balance(): number {
    return Math.max(0, Math.max(this.#min, Math.floor(this.#calls * this.#ratio)) - this.#retrying);
  }

  started(): void {
    this.#calls++;
  }

  tryPay(_failure: BudgetedFailure, price: number | undefined): number | undefined {
    this.#retrying -= price ?? 0;
    if (this.balance === 0) {
      this.#retrying += price ?? 0;
      return undefined;
    }
    this.#retrying++;
    return 1;
  }

  refund(price: number): void {
    this.#retrying -= price;
  }

  succeeded(price: number | undefined): void {
    this.#calls--;
    this.#retrying -= price ?? 0;
  }

  gaveUp(price: number | undefined): void {
    this.succeeded(price);
  }

  failed(): void {}
}
