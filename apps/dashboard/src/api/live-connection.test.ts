import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectDelayMs } from './live-connection.ts';

test('the wait before connecting again grows to ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((failures) => reconnectDelayMs(failures, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
});

test('chance shortens it by up to half, so that not all pages come at once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const longest = reconnectDelayMs(failures, 1);
      const delay = reconnectDelayMs(failures, random);
      expect(delay).toBeGreaterThanOrEqual(longest / 2);
      expect(delay).toBeLessThanOrEqual(longest);
    }),
  );
});
