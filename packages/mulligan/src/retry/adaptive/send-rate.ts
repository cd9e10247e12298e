import { afterThrottle, type ThrottlePoint, whileWell } from './cubic.ts';

/** Weight of the newest measurement. */
const smoothing = 0.8;

/** The rate is measured over buckets of this length. */
const bucketS = 0.5;

/** However much the server throttles, a call gets through every two seconds. */
const minPerSecond = 0.5;

/** However low the rate, one call may be made at once. */
const minCapacity = 1;

/**
 * The rate at which a client may send, learnt from the server's throttling: AWS's adaptive mode. A pure state machine
 * over milliseconds of any monotonic clock. Unlimited until the server throttles for the first time.
 */
export class SendRate {
  #isLimited = false;
  #perSecond = minPerSecond;
  #capacity = 0;
  #maxCapacity = minCapacity;
  #filledMs: number | undefined;
  #measuredPerSecond = 0;
  #sent = 0;
  #bucketS: number;
  #throttled: ThrottlePoint;

  constructor(nowMs: number) {
    this.#bucketS = bucketOf(nowMs);
    this.#throttled = { rate: 0, atS: nowMs / 1000 };
  }

  /** How many calls may be made per second; `Infinity` until the server throttles. */
  get perSecond(): number {
    return this.#isLimited ? this.#perSecond : Number.POSITIVE_INFINITY;
  }

  /** How many calls have been made per second of late. */
  get measuredPerSecond(): number {
    return this.#measuredPerSecond;
  }

  /** Takes a place in the queue. Gives how long to wait before sending, in milliseconds. */
  reserve(nowMs: number): number {
    if (!this.#isLimited) return 0;
    this.#fill(nowMs);
    this.#capacity -= 1;
    return this.#capacity >= 0 ? 0 : (-this.#capacity / this.#perSecond) * 1000;
  }

  /** Gives a place back that will not be used. */
  giveBack(): void {
    if (this.#isLimited) this.#capacity = Math.min(this.#maxCapacity, this.#capacity + 1);
  }

  /** Learns from the end of an attempt. */
  record(nowMs: number, isThrottle: boolean): void {
    const nowS = nowMs / 1000;
    this.#measure(nowMs);
    let calculated: number;
    if (isThrottle) {
      const rate = this.#isLimited ? Math.min(this.#measuredPerSecond, this.#perSecond) : this.#measuredPerSecond;
      this.#throttled = { rate, atS: nowS };
      this.#isLimited = true;
      calculated = afterThrottle(rate);
    } else {
      calculated = whileWell(this.#throttled, nowS);
    }
    this.#setRate(nowMs, Math.min(calculated, 2 * this.#measuredPerSecond));
  }

  #measure(nowMs: number): void {
    const bucket = bucketOf(nowMs);
    this.#sent++;
    if (bucket <= this.#bucketS) return;
    const current = this.#sent / (bucket - this.#bucketS);
    this.#measuredPerSecond = current * smoothing + this.#measuredPerSecond * (1 - smoothing);
    this.#sent = 0;
    this.#bucketS = bucket;
  }

  #setRate(nowMs: number, perSecond: number): void {
    // What has been earned so far was earned at the old rate.
    this.#fill(nowMs);
    this.#perSecond = Math.max(perSecond, minPerSecond);
    this.#maxCapacity = Math.max(perSecond, minCapacity);
    this.#capacity = Math.min(this.#capacity, this.#maxCapacity);
  }

  #fill(nowMs: number): void {
    const earned = ((nowMs - (this.#filledMs ?? nowMs)) / 1000) * this.#perSecond;
    this.#capacity = Math.min(this.#maxCapacity, this.#capacity + earned);
    this.#filledMs = nowMs;
  }
}

function bucketOf(nowMs: number): number {
  return Math.floor(nowMs / 1000 / bucketS) * bucketS;
}
