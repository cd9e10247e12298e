import { type Duration, MulliganError, type Timer, toMs, type World } from '../kernel/index.ts';
import { seededRandom } from './random.ts';

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

interface VirtualTimer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** How often {@link VirtualWorld.run} looks again when neither time nor anything else moves. */
const patience = 1000;

/** Makes a world for tests. It starts at 0 on its monotonic clock. */
export function virtualWorld({ seed = 1, startAt = 1_893_456_000_000 }: VirtualWorldOptions = {}): VirtualWorld {
  const timers = new Set<VirtualTimer>();
  const random = typeof seed === 'function' ? seed : seededRandom(seed);
  let nowMs = 0;
  let order = 0;

  const earliest = (): VirtualTimer | undefined => {
    let first: VirtualTimer | undefined;
    for (const timer of timers) {
      const isEarlier = first === undefined || timer.atMs < first.atMs;
      if (isEarlier || (timer.atMs === first?.atMs && timer.order < first.order)) first = timer;
    }
    return first;
  };

  const fire = (timer: VirtualTimer): void => {
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.callback();
  };

  const run = async <T>(work: PromiseLike<T> | (() => T | PromiseLike<T>)): Promise<T> => {
    let hasEnded = false;
    const ended = (): void => {
      hasEnded = true;
    };
    const promise = Promise.resolve(typeof work === 'function' ? work() : work);
    promise.then(ended, ended);
    for (let idle = 0; !hasEnded; ) {
      await macrotask();
      if (hasEnded) break;
      const timer = earliest();
      if (timer !== undefined && timer.atMs < Number.POSITIVE_INFINITY) {
        idle = 0;
        fire(timer);
      } else if (++idle === patience) {
        throw new MulliganError('MULLIGAN_STUCK', 'virtualWorld.run: the work waits for something that is no timer of this world');
      }
    }
    return promise;
  };

  return {
    now: () => nowMs,
    wallNow: () => startAt + nowMs,
    random,
    sleepSync(delayMs) {
      nowMs += Math.max(delayMs, 0);
    },
    setTimer(callback, delayMs): Timer {
      const timer: VirtualTimer = { atMs: nowMs + Math.max(delayMs, 0), order: order++, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer), ref() {}, unref() {} };
    },
    get pendingTimers() {
      return timers.size;
    },
    async advance(by) {
      const untilMs = nowMs + toMs(by);
      await macrotask();
      for (let timer = earliest(); timer !== undefined && timer.atMs <= untilMs; timer = earliest()) {
        fire(timer);
        await macrotask();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
    run,
  };
}

/** Lets every promise that can move do so. A message is the quickest turn of the event loop on every platform. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
