import { constants } from 'node:os';
import type { World } from 'mulligan';

/** A Ctrl-C can arrive twice: from the terminal, and from a parent such as npm that passes it on. Milliseconds. */
const echoMs = 200;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the process is asked to end. Asked once more, by somebody impatient, it ends at once. */
export function stopRequested(world: World): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    for (const signal of signals) {
      process.on(signal, () => {
        firstMs ??= world.now();
        if (world.now() - firstMs > echoMs) process.exit(128 + constants.signals[signal]);
        resolve();
      });
    }
  });
}
