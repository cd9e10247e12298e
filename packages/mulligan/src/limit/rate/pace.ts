/** When calls may begin. Told what time it is; reads no clock. */
export interface Pace {
  /**
   * How long until the next call may begin or, with `ahead`, the one after so many others that all begin as soon as
   * they may. 0 for now.
   */
  waitMs(nowMs: number, ahead: number): number;
  /** A call begins. */
  take(nowMs: number): void;
}

/** What is shorter than this is not a wait but what a sum of fractions leaves over, in milliseconds. */
const tiny = 1e-6;

/** At most so many in any stretch of time of one length: the moments of the last so many are remembered. */
export class SlidingLog implements Pace {
  readonly #permits: number;
  readonly #perMs: number;
  readonly #times: number[] = [];
  #next = 0;

  constructor(permits: number, perMs: number) {
    this.#permits = permits;
    this.#perMs = perMs;
  }

  waitMs(nowMs: number, ahead: number): number {
    const before = this.#times[(this.#next + ahead) % this.#permits] ?? Number.NEGATIVE_INFINITY;
    const rounds = Math.floor(ahead / this.#permits);
    return Math.max(before + this.#perMs - nowMs, 0) + rounds * this.#perMs;
  }

  take(nowMs: number): void {
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#permits;
  }
}

/**
 * One each interval, and so many ahead of that: a token bucket, kept as the one moment at which it would be full again
 * (the generic cell rate algorithm).
 */
export class TokenBucket implements Pace {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  #fullAtMs = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, burst: number) {
    this.#intervalMs = intervalMs;
    this.#slackMs = (burst - 1) * intervalMs;
  }

  waitMs(nowMs: number, ahead: number): number {
    const waitMs = Math.max(this.#fullAtMs - nowMs, 0) + ahead * this.#intervalMs - this.#slackMs;
    return waitMs < tiny ? 0 : waitMs;
  }

  take(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + this.#intervalMs;
  }
}
