import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Pace, SlidingLog, TokenBucket } from './pace.ts';

/** When each of the calls begins, if each takes the first moment that it may. */
function begin(pace: Pace, arrivals: readonly number[]): number[] {
  let nowMs = 0;
  return arrivals.map((gapMs) => {
    nowMs += gapMs;
    for (let waitMs = pace.waitMs(nowMs, 0); waitMs > 0; waitMs = pace.waitMs(nowMs, 0)) nowMs += waitMs;
    pace.take(nowMs);
    return nowMs;
  });
}

const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(500)), { minLength: 1, maxLength: 80 });
const permits = fc.integer({ min: 1, max: 12 });
const perMs = fc.integer({ min: 1, max: 1000 });

test('in no stretch of time do more calls begin than permitted, and none waits longer than that takes', () => {
  fc.assert(
    fc.property(gaps, permits, perMs, (arrivals, count, ms) => {
      const begun = begin(new SlidingLog(count, ms), arrivals);
      begun.forEach((atMs, i) => {
        const before = begun[i - count];
        const arrivedMs = (begun[i - 1] ?? 0) + arrivals[i]!;
        expect(atMs).toBe(Math.max(arrivedMs, before === undefined ? 0 : before + ms));
      });
    }),
  );
});

test('a bucket lets no more through than its size and what drips into it', () => {
  fc.assert(
    fc.property(gaps, permits, perMs, fc.integer({ min: 1, max: 10 }), (arrivals, count, ms, burst) => {
      const intervalMs = ms / count;
      const begun = begin(new TokenBucket(intervalMs, burst), arrivals);
      for (let first = 0; first < begun.length; first++) {
        for (let last = first; last < begun.length; last++) {
          const allowed = burst + (begun[last]! - begun[first]!) / intervalMs;
          expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-3);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a full bucket lets its whole size through at once', () => {
  const bucket = new TokenBucket(100, 3);
  expect(begin(bucket, [0, 0, 0, 0, 0, 1000, 0, 0, 0])).toEqual([0, 0, 0, 100, 200, 1200, 1200, 1200, 1300]);
});

test('the wait that is foretold to the last of those who wait is the one that it gets', () => {
  const paces = fc.oneof(
    fc.tuple(permits, perMs).map(
      ([count, ms]) =>
        () =>
          new SlidingLog(count, ms),
    ),
    fc.tuple(fc.integer({ min: 1, max: 300 }), permits).map(
      ([ms, burst]) =>
        () =>
          new TokenBucket(ms, burst),
    ),
  );
  fc.assert(
    fc.property(paces, gaps, fc.nat(500), fc.nat(30), (make, arrivals, laterMs, ahead) => {
      const pace = make();
      const nowMs = begin(pace, arrivals).at(-1)! + laterMs;
      const foretoldMs = pace.waitMs(nowMs, ahead);
      let atMs = nowMs;
      for (let i = 0; i <= ahead; i++) {
        atMs += pace.waitMs(atMs, 0);
        pace.take(atMs);
      }
      expect(atMs - nowMs).toBeCloseTo(foretoldMs, 6);
    }),
  );
});
