import fc from 'fast-check';
import { expect, test } from 'vitest';
import { score } from './score.ts';

test.each([
  [0.93, { successes: 90, requests: 100, latencyMs: 0 }],
  [0.72, { successes: 60, requests: 100, latencyMs: 0 }],
  [1, { successes: 100, requests: 100, latencyMs: 0, isInRegion: true }],
  [0.946, { successes: 80, requests: 100, latencyMs: 0, isInRegion: true }],
  [0.9075, { successes: 75, requests: 100, latencyMs: 0, isInRegion: true }],
  [0.87, { successes: 90, requests: 100, latencyMs: 2000 }],
  [0.915, { successes: 90, requests: 100, latencyMs: 500 }],
  [0.65, { successes: 0, requests: 0, latencyMs: 0 }],
])('it is %f for %j', (expected, input) => {
  expect(score(input)).toBeCloseTo(expected, 10);
});

test('more success, less latency and the right region never make it worse, and it stays from 0 to 1', () => {
  const input = fc.record({
    requests: fc.nat({ max: 1000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    latencyMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  });
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
