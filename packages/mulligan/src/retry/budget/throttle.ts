import { checkKeys, checkNumber, type RetryBudget } from '../../kernel/index.ts';

/** Options of `retryBudget.throttle`. */
export interface ThrottleBudgetOptions {
  /** How many tokens there are at the start and at most, from 1 to 1000. Default 10. */
  readonly maxTokens?: number;
  /** How many tokens a success gives back; three decimals count. Default 0.1. */
  readonly tokenRatio?: number;
}

/** Counted in thousandths: sums of fractions would drift. */
const unit = 1000;

/** No retries while failures prevail: gRPC's throttle (A6). A failed attempt costs a token; above half, retries pass. */
export class ThrottleBudget implements RetryBudget {
  readonly #max: number;
  readonly #ratio: number;
  #tokens: number;

  constructor(options: ThrottleBudgetOptions) {
    checkKeys('retryBudget.throttle', options, ['maxTokens', 'tokenRatio']);
    const { maxTokens = 10, tokenRatio = 0.1 } = options;
    this.#max = checkNumber('maxTokens', maxTokens, { min: 1, max: 1000 }) * unit;
    this.#ratio = Math.floor(checkNumber('tokenRatio', tokenRatio, { min: 1 / unit }) * unit + 1e-6);
    this.#tokens = this.#max;
  }

  /** How many attempts may still fail before retries stop. */
  get balance(): number {
    return Math.max(0, Math.ceil((this.#tokens - this.#max / 2) / unit));
  }

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - unit);
  }

  tryPay(): number | undefined {
    // Nothing to pay here: what costs is the failure.
    return this.#tokens > this.#max / 2 ? 0 : undefined;
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#max, this.#tokens + this.#ratio);
  }

  started(): void {}
  refund(): void {}
  gaveUp(): void {}
}
