import { type Duration, MulliganError, type Timer, toMs, type World } from '../kernel/index.ts';
import { macrotask } from './macrotask.ts';
import { seededRandom } from './random.ts';
import { TimerQueue } from './timer-queue.ts';

/** Options of {@link virtualWorld}. */
export interface VirtualWorldOptions {
  /** Decides what falls; a function is taken as it is. Default 1. */
  readonly seed?: number | (() => number);
  /** The wall clock at the start, in milliseconds since 1970-01-01 UTC. Default 2030-01-01. */
  readonly startAt?: number;
}

/** A {@link World} in which time stands still until it is told to pass. */
export interface VirtualWorld extends World {
  /** How many timers are pending. */
  readonly pendingTimers: number;
  /** Lets time pass, running every timer that is due, in order. */
  advance(by: Duration): Promise<void>;
  /** Jumps from timer to timer until the work has ended: a day passes in a millisecond. */
  run<T>(work: PromiseLike<T> | (() => T | PromiseLike<T>)): Promise<T>;
}

/** How often {@link VirtualWorld.run} looks again when neither time nor anything else moves. */
const patience = 1000;

/** Makes a world for tests. It starts at 0 on its monotonic clock. */
export function virtualWorld(options: VirtualWorldOptions = {}): VirtualWorld {
  return new Virtual(options);
}

class Virtual implements VirtualWorld {
  readonly random: () => number;
  readonly #startAt: number;
  readonly #timers = new TimerQueue();
  #nowMs = 0;

  constructor({ seed = 1, startAt = 1_893_456_000_000 }: VirtualWorldOptions) {
    this.random = typeof seed === 'function' ? seed : seededRandom(seed);
    this.#startAt = startAt;
  }

  readonly now = (): number => this.#nowMs;

  readonly wallNow = (): number => this.#startAt + this.#nowMs;

  readonly sleepSync = (delayMs: number): void => {
    this.#nowMs += Math.max(delayMs, 0);
  };

  readonly setTimer = (callback: () => void, delayMs: number): Timer => {
    const timer = this.#timers.add(this.#nowMs + Math.max(delayMs, 0), callback);
    return { cancel: () => this.#timers.remove(timer), ref() {}, unref() {} };
  };

  get pendingTimers(): number {
    return this.#timers.size;
  }

  async advance(by: Duration): Promise<void> {
    const untilMs = this.#nowMs + toMs(by);
    await macrotask();
    while (this.#fireFirst(untilMs)) await macrotask();
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  async run<T>(work: PromiseLike<T> | (() => T | PromiseLike<T>)): Promise<T> {
    let hasEnded = false;
    const end = (): void => {
      hasEnded = true;
    };
    const promise = Promise.resolve(typeof work === 'function' ? work() : work);
    promise.then(end, end);
    await macrotask();
    for (let idle = 0; !hasEnded && idle < patience; await macrotask()) {
      idle = this.#fireFirst(Number.MAX_VALUE) ? 0 : idle + 1;
    }
    if (hasEnded) return promise;
    throw new MulliganError('MULLIGAN_STUCK', 'the work waits for something that is no timer of this virtual world');
  }

  /** Runs the timer that is due first, if it is due by then. */
  #fireFirst(untilMs: number): boolean {
    const timer = this.#timers.first;
    if (timer === undefined || timer.atMs > untilMs) return false;
    this.#timers.remove(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.callback();
    return true;
  }
}
