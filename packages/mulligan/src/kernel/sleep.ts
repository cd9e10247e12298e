import type { Cancellation } from './cancellation.ts';
import type { World } from './world.ts';

/**
 * Calls `wake` once: after the delay, or at the very moment of an abort. A wait in the form that holds the least memory;
 * {@link sleep} is the comfortable one.
 */
export function wakeAfter(
  world: World,
  delayMs: number,
  cancellation: Cancellation | undefined,
  wake: () => void,
): void {
  if (cancellation === undefined) {
    world.setTimer(wake, delayMs);
    return;
  }
  if (cancellation.aborted) {
    wake();
    return;
  }
  const timer = world.setTimer(() => {
    cancellation.unlisten(link);
    wake();
  }, delayMs);
  const link = cancellation.listen(() => {
    timer.cancel();
    wake();
  });
}

/**
 * Waits. Rejects with the reason at the very moment the cancellation is aborted, and leaves no timer behind.
 * A wait of 0 makes no timer at all.
 */
export function sleep(world: World, delayMs: number, cancellation?: Cancellation): Promise<void> {
  return new Promise((wake, reject) => {
    const end = (): void => (cancellation?.aborted === true ? reject(cancellation.reason) : wake());
    if (delayMs > 0) wakeAfter(world, delayMs, cancellation, end);
    else end();
  });
}

/**
 * Ends with the promise, or with the cancellation's reason, whichever is first, and calls `cleanUp` right before.
 * The promise itself runs on; its late end is ignored and never becomes an unhandled rejection.
 */
export function orAborted<T>(promise: PromiseLike<T>, cancellation: Cancellation, cleanUp?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const link = cancellation.listen((reason) => {
      cleanUp?.();
      reject(reason);
    });
    promise.then(
      (value) => {
        cancellation.unlisten(link);
        cleanUp?.();
        resolve(value);
      },
      (error: unknown) => {
        cancellation.unlisten(link);
        cleanUp?.();
        reject(error);
      },
    );
  });
}
