import type { Cancellation } from './cancellation.ts';
import type { World } from './world.ts';

/**
 * Waits. Rejects with the reason at the very moment the cancellation is aborted, and leaves no timer behind.
 * A wait of 0 makes no timer at all.
 */
export function sleep(world: World, delayMs: number, cancellation?: Cancellation): Promise<void> {
  if (cancellation === undefined) {
    return delayMs <= 0 ? Promise.resolve() : new Promise((wake) => void world.setTimer(wake, delayMs));
  }
  return new Promise((wake, reject) => {
    if (cancellation.aborted) {
      reject(cancellation.reason);
      return;
    }
    if (delayMs <= 0) {
      wake();
      return;
    }
    const timer = world.setTimer(() => {
      leave();
      wake();
    }, delayMs);
    const leave = cancellation.onAbort((reason) => {
      timer.cancel();
      reject(reason);
    });
  });
}

/**
 * Ends with the promise, or with the cancellation's reason, whichever is first, and calls `cleanUp` right before.
 * The promise itself runs on; its late end is ignored and never becomes an unhandled rejection.
 */
export function orAborted<T>(promise: PromiseLike<T>, cancellation: Cancellation, cleanUp?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = cancellation.onAbort((reason) => {
      cleanUp?.();
      reject(reason);
    });
    promise.then(
      (value) => {
        leave();
        cleanUp?.();
        resolve(value);
      },
      (error: unknown) => {
        leave();
        cleanUp?.();
        reject(error);
      },
    );
  });
}
