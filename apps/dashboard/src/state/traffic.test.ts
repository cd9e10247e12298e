import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundUp, trafficChart } from './traffic.ts';

const second = (requests: number, failures = 0, retries = 0) => ({
  timestamp: '',
  requests,
  failures,
  retries,
  latency: null,
});

test('a scale ends at 1, 2 or 5 with zeros, at the value or above', () => {
  expect([0, 1, 2, 3, 5, 6, 10, 11, 21, 99, 101].map(roundUp)).toEqual([1, 1, 2, 5, 5, 10, 10, 20, 50, 100, 200]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (value) => {
      expect(roundUp(value)).toBeGreaterThanOrEqual(value);
      expect(roundUp(value)).toBeLessThanOrEqual(value * 2.5);
    }),
  );
});

test('every bar fits into the chart', () => {
  const seconds = fc.array(
    fc.record({
      requests: fc.nat(10_000),
      retries: fc.nat(10_000),
      failed: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(seconds, (given) => {
      const recent = given.map(({ requests, retries, failed }) =>
        second(requests, Math.floor(requests * failed), retries),
      );
      for (const { succeeded, failed, retries } of trafficChart(recent).bars) {
        expect(Math.min(succeeded, failed, retries)).toBeGreaterThanOrEqual(0);
        expect(succeeded + failed).toBeLessThanOrEqual(1 + 1e-9);
        expect(retries).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('the second that is not over yet is left out', () => {
  expect(trafficChart([second(5), second(1)]).bars.map((bar) => bar.second.requests)).toEqual([5]);
  expect(trafficChart([]).bars).toEqual([]);
});
