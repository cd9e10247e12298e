// Floors: the least code that a person would write for what the peers do.

/** A breaker that opens when half of the last 64 calls failed; it is asked before a call and told of its end. */
export class RingBreaker {
  #failed = new Uint8Array(64);
  #next = 0;
  #failures = 0;
  #openUntilMs = 0;

  allows() {
    return this.#openUntilMs === 0 || performance.now() >= this.#openUntilMs;
  }

  /** @param {boolean} isFailure */
  record(isFailure) {
    const value = isFailure ? 1 : 0;
    this.#failures += value - (this.#failed[this.#next] ?? 0);
    this.#failed[this.#next] = value;
    this.#next = (this.#next + 1) & 63;
    if (this.#failures >= 32) this.#openUntilMs = performance.now() + 30_000;
  }
}

/** @param {() => Promise<unknown>} operation @param {RingBreaker} breaker */
export const breakByHand = (operation, breaker) => async () => {
  if (!breaker.allows()) throw new Error('open');
  try {
    const value = await operation();
    breaker.record(false);
    return value;
  } catch (error) {
    breaker.record(true);
    throw error;
  }
};

/** Time limits of one length: they end in the order in which they began, so one timer and a list do for all. */
class Limits {
  /** @type {{ atMs: number, reject: ((error: Error) => void) | undefined }[]} */
  #entries = [];
  #first = 0;
  #lengthMs;
  #isArmed = false;

  /** @param {number} lengthMs */
  constructor(lengthMs) {
    this.#lengthMs = lengthMs;
  }

  /** @param {(error: Error) => void} reject */
  add(reject) {
    const entry = { atMs: performance.now() + this.#lengthMs, reject };
    this.#entries.push(entry);
    if (!this.#isArmed) this.#arm(this.#lengthMs);
    return entry;
  }

  /** @param {{ reject: ((error: Error) => void) | undefined }} entry */
  release(entry) {
    entry.reject = undefined;
    while (this.#first < this.#entries.length && this.#entries[this.#first]?.reject === undefined) this.#first++;
    if (this.#first < 1024) return;
    this.#entries.splice(0, this.#first);
    this.#first = 0;
  }

  /** @param {number} delayMs */
  #arm(delayMs) {
    this.#isArmed = true;
    setTimeout(() => this.#fire(), delayMs).unref();
  }

  #fire() {
    this.#isArmed = false;
    const nowMs = performance.now();
    for (let entry = this.#entries[this.#first]; entry !== undefined; entry = this.#entries[++this.#first]) {
      if (entry.reject !== undefined && entry.atMs > nowMs) return this.#arm(entry.atMs - nowMs);
      entry.reject?.(new Error('took too long'));
    }
  }
}

/** @param {() => Promise<unknown>} operation @param {number} ms */
const limitByHand = (operation, ms) => {
  const limits = new Limits(ms);
  return () =>
    new Promise((resolve, reject) => {
      const entry = limits.add(reject);
      operation().then(
        (value) => {
          limits.release(entry);
          resolve(value);
        },
        (error) => {
          limits.release(entry);
          reject(error);
        },
      );
    });
};

/** Retry, breaker, and a time limit for each attempt and for the whole. @param {() => Promise<unknown>} operation */
export function pipelineByHand(operation) {
  const attempt = limitByHand(breakByHand(operation, new RingBreaker()), 5000);
  const call = async () => {
    for (let made = 1; ; made++) {
      try {
        return await attempt();
      } catch (error) {
        if (made >= 3) throw error;
      }
    }
  };
  return limitByHand(call, 30_000);
}
