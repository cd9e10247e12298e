/** What a breaker counts. All three kinds are told of every call that they need to know of, and never read a clock. */
export interface CallWindow {
  /** Calls in the window; a window that only knows of failures has no other calls. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  record(nowMs: number, isFailure: boolean, isSlow: boolean): void;
  /** Drops what is too old. */
  prune(nowMs: number): void;
}

/** Failures in a row: one success forgives them all. */
export class Streak implements CallWindow {
  readonly slow = 0;
  failures = 0;

  get calls(): number {
    return this.failures;
  }

  record(_nowMs: number, isFailure: boolean): void {
    this.failures = isFailure ? this.failures + 1 : 0;
  }

  prune(): void {}
}

/** The moments of the last failures, exact to the millisecond. A failure exactly as old as the window still counts. */
export class FailureLog implements CallWindow {
  readonly slow = 0;
  readonly #lengthMs: number;
  readonly #most: number;
  readonly #times: number[] = [];

  /** @param most how many moments to keep: what is beyond that cannot matter any more */
  constructor(lengthMs: number, most: number) {
    this.#lengthMs = lengthMs;
    this.#most = most;
  }

  get calls(): number {
    return this.#times.length;
  }

  get failures(): number {
    return this.#times.length;
  }

  record(nowMs: number, isFailure: boolean): void {
    if (isFailure && this.#times.push(nowMs) > this.#most) this.#times.shift();
    this.prune(nowMs);
  }

  prune(nowMs: number): void {
    const times = this.#times;
    let old = 0;
    while (old < times.length && nowMs - (times[old] ?? nowMs) > this.#lengthMs) old++;
    if (old > 0) times.splice(0, old);
  }
}

/** The last so many yes or no answers, a bit each, and how many of them were yes. */
class BitRing {
  readonly #size: number;
  /** Sixteen bits a word, so that every word is a small integer on every platform. */
  readonly #words: number[];
  #next = 0;
  ones = 0;

  constructor(size: number) {
    this.#size = size;
    this.#words = Array.from({ length: Math.ceil(size / 16) }, () => 0);
  }

  push(isOne: boolean): void {
    const slot = this.#next;
    const index = slot >> 4;
    const mask = 1 << (slot & 15);
    const word = this.#words[index] ?? 0;
    const wasOne = (word & mask) !== 0;
    this.#next = slot + 1 === this.#size ? 0 : slot + 1;
    if (isOne === wasOne) return;
    this.#words[index] = word ^ mask;
    this.ones += isOne ? 1 : -1;
  }
}

/** The last so many calls. */
export class CallRing implements CallWindow {
  readonly #size: number;
  readonly #failed: BitRing;
  readonly #slow: BitRing | undefined;
  calls = 0;

  constructor(size: number, watchesSlow: boolean) {
    this.#size = size;
    this.#failed = new BitRing(size);
    this.#slow = watchesSlow ? new BitRing(size) : undefined;
  }

  get failures(): number {
    return this.#failed.ones;
  }

  get slow(): number {
    return this.#slow?.ones ?? 0;
  }

  record(_nowMs: number, isFailure: boolean, isSlow: boolean): void {
    if (this.calls < this.#size) this.calls++;
    this.#failed.push(isFailure);
    this.#slow?.push(isSlow);
  }

  prune(): void {}
}

const parts = 10;

/**
 * The calls of the last so long, in ten parts: the current one and the nine before it, so that nothing older than the
 * window is ever counted. Parts that fell silent are emptied when time is next looked at: an idle hour leaves nothing.
 */
export class TimeBuckets implements CallWindow {
  readonly #partMs: number;
  /** Calls, failures and slow calls of each part. */
  readonly #counts: number[] = Array.from({ length: parts * 3 }, () => 0);
  #part: number | undefined;
  /** Where the counts of the current part are. */
  #at = 0;
  /** When the current part ends. */
  #endMs = Number.NEGATIVE_INFINITY;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(lengthMs: number) {
    this.#partMs = lengthMs / parts;
  }

  record(nowMs: number, isFailure: boolean, isSlow: boolean): void {
    this.prune(nowMs);
    this.#add(this.#at, 1, isFailure ? 1 : 0, isSlow ? 1 : 0);
  }

  prune(nowMs: number): void {
    if (nowMs < this.#endMs) return;
    const part = Math.floor(nowMs / this.#partMs);
    const passed = Math.min(part - (this.#part ?? part), parts);
    for (let step = 0; step < passed; step++) {
      this.#at = (this.#at + 3) % (parts * 3);
      this.#empty(this.#at);
    }
    this.#part = part;
    this.#endMs = (part + 1) * this.#partMs;
  }

  #empty(at: number): void {
    const [calls = 0, failures = 0, slow = 0] = this.#counts.slice(at, at + 3);
    this.#add(at, -calls, -failures, -slow);
  }

  #add(at: number, calls: number, failures: number, slow: number): void {
    const counts = this.#counts;
    counts[at] = (counts[at] ?? 0) + calls;
    counts[at + 1] = (counts[at + 1] ?? 0) + failures;
    counts[at + 2] = (counts[at + 2] ?? 0) + slow;
    this.calls += calls;
    this.failures += failures;
    this.slow += slow;
  }
}
