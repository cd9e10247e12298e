import { defineConfig } from 'vitest/config';

/** The unit tests of the library's policies alone: what a change of a pure file could make fail. */
export default defineConfig({
  test: {
    include: ['packages/mulligan/src/{kernel,retry,breaker,fallback,timeout,hedge,limit}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.compiled.test.ts'],
    // Counting every branch makes the long ones slow.
    testTimeout: 60_000,
  },
});
