import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCount, formatRate, formatShare } from './number.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1204, '1,204'],
  [99_949, '99,949'],
  [99_950, '100k'],
  [999_499, '999k'],
  [999_500, '1.0M'],
  [3_440_000, '3.4M'],
])('%d is shown as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [null, '–'],
  [1, '100%'],
  [0, '0%'],
  [0.5, '50.0%'],
  [0.99999, '99.9%'],
  [0.00001, '0.1%'],
])('a share of %d is shown as %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test('a share is 100 % only where nothing failed, and 0 % only where nothing succeeded', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }), (share) => {
      expect(['0%', '0.0%', '100%', '100.0%']).not.toContain(formatShare(share));
    }),
  );
});

test('a rate has a digit after the point while it is small', () => {
  expect([0, 0.04, 5, 99.94, 100, 12_345].map(formatRate)).toEqual(['0.0', '0.0', '5.0', '99.9', '100', '12,345']);
});
