import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowWindow } from './row-window.ts';

test('of 10 000 rows only those in sight are made, and a few around them', () => {
  expect(rowWindow({ count: 10_000, rowPx: 50, scrollPx: 5000, sightPx: 500 })).toEqual({
    first: 88,
    end: 122,
    heightPx: 500_000,
  });
});

test('whatever is in sight is made, and never a row that is not there', () => {
  const sizes = fc.record({
    count: fc.nat(20_000),
    rowPx: fc.integer({ min: 20, max: 120 }),
    scrollPx: fc.nat(2_000_000),
    sightPx: fc.integer({ min: 1, max: 2000 }),
  });
  fc.assert(
    fc.property(sizes, (sight) => {
      const { first, end } = rowWindow(sight);
      const { count, rowPx, scrollPx, sightPx } = sight;
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      const seen = [Math.floor(scrollPx / rowPx), Math.ceil((scrollPx + sightPx) / rowPx)].map((row) =>
        Math.min(row, count),
      );
      if (seen[0]! < seen[1]!) {
        expect(first).toBeLessThanOrEqual(seen[0]!);
        expect(end).toBeGreaterThanOrEqual(seen[1]!);
      }
    }),
  );
});
