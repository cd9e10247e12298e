import { MulliganError } from './error.ts';
import type { Timer, World } from './world.ts';

/** The longest delay that a platform timer takes; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

type PlatformTimer = ReturnType<typeof setTimeout> & { ref?: () => void; unref?: () => void };

class SystemTimer implements Timer {
  #handle: PlatformTimer | undefined;
  #callback: (() => void) | undefined;
  #leftMs: number;
  #isRef = true;

  constructor(callback: () => void, delayMs: number) {
    this.#callback = callback;
    this.#leftMs = delayMs;
    this.#arm();
  }

  #arm(): void {
    const stepMs = Math.min(this.#leftMs, longestMs);
    this.#leftMs -= stepMs;
    // A fraction would be cut off and the timer fire early: round up.
    this.#handle = setTimeout(SystemTimer.#fire, Math.ceil(stepMs), this);
    if (!this.#isRef) this.#handle.unref?.();
  }

  static #fire(this: void, timer: SystemTimer): void {
    if (timer.#leftMs > 0) {
      timer.#arm();
      return;
    }
    const callback = timer.#callback;
    timer.#callback = undefined;
    callback?.();
  }

  cancel(): void {
    clearTimeout(this.#handle);
    this.#callback = undefined;
  }

  unref(): void {
    this.#isRef = false;
    this.#handle?.unref?.();
  }

  ref(): void {
    this.#isRef = true;
    this.#handle?.ref?.();
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
  setTimer: (callback, delayMs) => new SystemTimer(callback, delayMs),
  sleepSync(delayMs) {
    if (delayMs > 0) sleepSync(delayMs);
  },
};
