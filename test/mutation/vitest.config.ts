import { defineConfig } from 'vitest/config';

/** The unit tests of the library's policies alone, those that take long left out: they are run a thousand times. */
export default defineConfig({
  test: {
    include: ['packages/mulligan/src/{kernel,retry,breaker,fallback,timeout,hedge,limit}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.compiled.test.ts', '**/leftovers.test.ts'],
    testNamePattern: /^(?!.*(?:thousand|leave nothing|forever))/u,
    setupFiles: ['test/mutation/quick-properties.mjs'],
    // Counting every branch makes some slow.
    testTimeout: 60_000,
  },
});
