import { MulliganError } from './error.ts';
import type { Timer, World } from './world.ts';

/** The longest delay that a platform timer takes; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

type PlatformTimer = ReturnType<typeof setTimeout> & { ref?: () => void; unref?: () => void };

/** What nearly all timers are: one of the platform's. */
class ShortTimer implements Timer {
  readonly #handle: PlatformTimer;

  constructor(callback: () => void, delayMs: number) {
    // A fraction would be cut off and the timer fire early: round up.
    this.#handle = setTimeout(callback, Math.ceil(delayMs));
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  unref(): void {
    this.#handle.unref?.();
  }

  ref(): void {
    this.#handle.ref?.();
  }
}

/** A timer that is longer than the platform's can be: several of them, one after the other. */
class LongTimer implements Timer {
  readonly #callback: () => void;
  #leftMs: number;
  #step: ShortTimer;
  #isRef = true;

  constructor(callback: () => void, delayMs: number) {
    this.#callback = callback;
    this.#leftMs = delayMs;
    this.#step = this.#next();
  }

  #next(): ShortTimer {
    const stepMs = Math.min(this.#leftMs, longestMs);
    this.#leftMs -= stepMs;
    return new ShortTimer(() => this.#end(), stepMs);
  }

  #end(): void {
    if (this.#leftMs <= 0) {
      this.#callback();
      return;
    }
    this.#step = this.#next();
    if (!this.#isRef) this.#step.unref();
  }

  cancel(): void {
    this.#step.cancel();
  }

  unref(): void {
    this.#isRef = false;
    this.#step.unref();
  }

  ref(): void {
    this.#isRef = true;
    this.#step.ref();
  }
}

function sleepSync(delayMs: number): void {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
  } catch (cause) {
    const message = 'this platform cannot block its thread: use retry instead of retrySync, or a wait of 0';
    throw new MulliganError('MULLIGAN_CANNOT_BLOCK', message, { cause });
  }
}

/** The world of the platform: its clocks, its timers, its chance. The only place that reads any of them. */
export const systemWorld: World = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  random: () => Math.random(),
  setTimer: (callback, delayMs) =>
    delayMs > longestMs ? new LongTimer(callback, delayMs) : new ShortTimer(callback, delayMs),
  sleepSync(delayMs) {
    if (delayMs > 0) sleepSync(delayMs);
  },
};
