/** How often something may begin: evenly, with up to a second's worth at once after a rest. */
export class Pace {
  readonly #intervalMs: number;
  readonly #allowanceMs: number;
  /** When all that was begun is paid off. */
  #paidMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
    this.#allowanceMs = Math.max(0, 1000 - this.#intervalMs);
  }

  /** How long until one more may begin; 0 for now. */
  waitMs(nowMs: number): number {
    return this.#intervalMs === 0 ? 0 : Math.max(0, this.#paidMs - this.#allowanceMs - nowMs);
  }

  take(nowMs: number): void {
    this.#paidMs = Math.max(this.#paidMs, nowMs) + this.#intervalMs;
  }
}
