/**
 * How many hedges there may be: each call pays in a share, each hedge takes one out, and no more than `burst` are saved
 * up. It begins full. Asking and taking are one step.
 */
export class Allowance {
  readonly #share: number;
  readonly #burst: number;
  #balance: number;

  constructor(share: number, burst: number) {
    this.#share = share;
    this.#burst = burst;
    this.#balance = burst;
  }

  payIn(): void {
    this.#balance = Math.min(this.#balance + this.#share, this.#burst);
  }

  tryTake(): boolean {
    // A sum of shares such as ten times 0.1 is a little less than 1.
    if (this.#balance < 1 - 1e-9) return false;
    this.#balance -= 1;
    return true;
  }
}
