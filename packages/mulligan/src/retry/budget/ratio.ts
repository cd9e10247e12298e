import {
  checkDuration,
  checkKeys,
  checkNumber,
  type Duration,
  InvalidOptionError,
  type RetryBudget,
  systemWorld,
  type World,
} from '../../kernel/index.ts';

/** Options of `retryBudget`. */
export interface RatioBudgetOptions {
  /** How many retries each call earns. Default 0.2: one retry for five calls. */
  readonly ratio?: number;
  /** How many retries a second there are whatever the number of calls, so that quiet clients can retry. Default 10. */
  readonly floorPerSecond?: number;
  /** How long calls and retries count, from 1 s to 60 s. Default 10 s. */
  readonly window?: Duration;
  /**
   * How many retries may be made at once; later ones come as fast as `ratio` and `floorPerSecond` earn them.
   * Default: no cap of its own, so that all that a window has earned (`floorPerSecond × window + ratio × calls`,
   * 100 retries for an idle client) may be spent in one moment.
   */
  readonly burst?: number;
  readonly world?: World;
}

const slices = 10;

/** Floating point must not cost a retry: 0.2 × 5 calls is one retry, although 5 × 0.2 may be a hair less. */
const tolerance = 1e-9;

/** Counts what happened in the last window, a tenth of it at a time. */
class SlicedCounter {
  readonly #counts = new Float64Array(slices);
  readonly #sliceMs: number;
  #newest = 0;
  #total = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / slices;
  }

  add(nowMs: number, amount: number): void {
    this.#advanceTo(nowMs);
    const index = this.#newest % slices;
    this.#counts[index] = (this.#counts[index] ?? 0) + amount;
    this.#total += amount;
  }

  /** Takes back what was added before; false when all of that has left the window. */
  takeBack(nowMs: number, amount: number): boolean {
    this.#advanceTo(nowMs);
    const index = this.#counts.findIndex((count) => count >= amount);
    if (index === -1) return false;
    this.#counts[index] = (this.#counts[index] ?? 0) - amount;
    this.#total -= amount;
    return true;
  }

  total(nowMs: number): number {
    this.#advanceTo(nowMs);
    return this.#total;
  }

  #advanceTo(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice - this.#newest >= slices) {
      this.#counts.fill(0);
      this.#total = 0;
      this.#newest = slice;
    }
    while (this.#newest < slice) {
      const index = ++this.#newest % slices;
      this.#total -= this.#counts[index] ?? 0;
      this.#counts[index] = 0;
    }
  }
}

/** A cap on what may be spent at once; refilled by what is earned. */
class Burst {
  readonly #cap: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs: number;

  constructor(cap: number, floorPerSecond: number, nowMs: number) {
    this.#cap = cap;
    this.#perMs = floorPerSecond / 1000;
    this.#tokens = cap;
    this.#filledMs = nowMs;
  }

  add(tokens: number): void {
    this.#tokens = Math.min(this.#cap, this.#tokens + tokens);
  }

  tokens(nowMs: number): number {
    this.add((nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#tokens;
  }
}

/** Retries as a share of calls, with a floor: Finagle's budget. */
export class RatioBudget implements RetryBudget {
  readonly #ratio: number;
  readonly #reserve: number;
  readonly #calls: SlicedCounter;
  readonly #retries: SlicedCounter;
  readonly #burst: Burst | undefined;
  readonly #world: World;

  constructor(options: RatioBudgetOptions) {
    checkKeys('retryBudget', options, ['ratio', 'floorPerSecond', 'window', 'burst', 'world']);
    const { ratio = 0.2, floorPerSecond = 10, window = '10s', burst, world = systemWorld } = options;
    const windowMs = checkDuration('window', window, 1000);
    if (windowMs > 60_000)
      throw new InvalidOptionError(
        'window',
        window,
        'window must be at most 60 s: what is older says nothing about now',
      );
    this.#ratio = checkNumber('ratio', ratio, { min: 0, max: 1000 });
    this.#reserve = (checkNumber('floorPerSecond', floorPerSecond, { min: 0 }) * windowMs) / 1000;
    this.#calls = new SlicedCounter(windowMs);
    this.#retries = new SlicedCounter(windowMs);
    this.#world = world;
    if (burst !== undefined) {
      this.#burst = new Burst(checkNumber('burst', burst, { min: 1 }), floorPerSecond, world.now());
    }
  }

  get balance(): number {
    return Math.floor(this.#earned(this.#world.now()) + tolerance);
  }

  #earned(nowMs: number): number {
    const inWindow = this.#calls.total(nowMs) * this.#ratio + this.#reserve - this.#retries.total(nowMs);
    return Math.max(0, Math.min(inWindow, this.#burst?.tokens(nowMs) ?? Number.POSITIVE_INFINITY));
  }

  started(): void {
    this.#calls.add(this.#world.now(), 1);
    this.#burst?.add(this.#ratio);
  }

  tryPay(): number | undefined {
    const nowMs = this.#world.now();
    if (this.#earned(nowMs) < 1 - tolerance) return undefined;
    this.#retries.add(nowMs, 1);
    this.#burst?.add(-1);
    return 1;
  }

  refund(price: number): void {
    if (this.#retries.takeBack(this.#world.now(), price)) this.#burst?.add(price);
  }

  failed(): void {}
  succeeded(): void {}
  gaveUp(): void {}
}
