import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { calculateDelay } from './calculate-delay.ts';
import { shouldRetry } from './should-retry.ts';

class NetworkError extends Error {}

test('calculateDelay doubles from a second to a minute, counted from attempt 0', () => {
  const waits = [0, 1, 2, 3, 4, 10, 1100].map((attempt) => calculateDelay(attempt, { jitter: 'none' }));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 60_000, 60_000]);
  expect(calculateDelay(2, { initial: '5s', factor: 3, max: '2m', jitter: 'none' })).toBe(45_000);
});

test('calculateDelay jitters fully unless told otherwise', () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, drawn) => {
      const most = calculateDelay(attempt, { jitter: 'none' });
      expect(calculateDelay(attempt, { world: { random: () => drawn } })).toBeCloseTo(most * drawn, 6);
    }),
  );
});

test('calculateDelay answers an attempt that cannot be', () => {
  expect(() => calculateDelay(-1)).toThrow('attempt must be a whole number of at least 0, got -1');
});

test('shouldRetry: fatal wins, what is named is retried, what is not named is not', () => {
  expect(shouldRetry(new NetworkError(), { on: NetworkError })).toBe(true);
  expect(shouldRetry(new NetworkError(), { on: Error, unless: NetworkError })).toBe(false);
  expect(shouldRetry(new RangeError(), { on: NetworkError })).toBe(false);
  expect(shouldRetry(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(true);
  expect(shouldRetry(new TypeError('x is not a function'))).toBe(false);
});
