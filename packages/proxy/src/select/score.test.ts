import fc from 'fast-check';
import { expect, test } from 'vitest';
import { score } from './score.ts';

test.each([
  [90, 100, 0, false, 0.93],
  [60, 100, 0, false, 0.72],
  [100, 100, 0, true, 1],
  [80, 100, 0, true, 0.946],
  [75, 100, 0, true, 0.9075],
  [90, 100, 2000, false, 0.87],
  [90, 100, 500, false, 0.915],
  [0, 0, 0, false, 0.65],
])('%i of %i at %i ms (in the region: %s) is %f', (successes, requests, latencyMs, isInRegion, expected) => {
  expect(score({ successes, requests, latencyMs, isInRegion })).toBeCloseTo(expected, 10);
});

test('more success, less latency and the right region never make it worse, and it stays from 0 to 1', () => {
  const input = fc.record({ requests: fc.nat({ max: 1000 }), share: fc.double({ min: 0, max: 1, noNaN: true }), latencyMs: fc.double({ min: 0, max: 60_000, noNaN: true }) });
  fc.assert(
    fc.property(input, ({ requests, share, latencyMs }) => {
      const successes = Math.floor(requests * share);
      const of = (changes: object): number => score({ requests, successes, latencyMs, ...changes });
      const plain = of({});
      expect(plain).toBeGreaterThanOrEqual(0);
      expect(of({ isInRegion: true })).toBeLessThanOrEqual(1);
      expect(of({ isInRegion: true })).toBeGreaterThanOrEqual(plain);
      expect(of({ latencyMs: latencyMs / 2 })).toBeGreaterThanOrEqual(plain);
      if (requests > successes) expect(of({ successes: successes + 1 })).toBeGreaterThanOrEqual(plain);
    }),
  );
});
