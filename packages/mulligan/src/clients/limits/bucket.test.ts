import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, levelAt, take, waitFor } from './bucket.ts';

const buckets = fc
  .record({
    limit: fc.integer({ min: 1, max: 100_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    resetMs: fc.integer({ min: 1, max: 600_000 }),
    isLimitKnown: fc.boolean(),
  })
  .map(({ limit, share, resetMs, isLimitKnown }): Bucket => {
    const remaining = Math.floor(limit * share);
    return { remaining, limit: isLimitKnown ? limit : undefined, resetMs, atMs: 1000 };
  });

test('after the wait there is room, and before it there was none', () => {
  fc.assert(
    fc.property(buckets, fc.integer({ min: 1, max: 200_000 }), fc.nat({ max: 700_000 }), (bucket, need, passedMs) => {
      const nowMs = bucket.atMs + passedMs;
      const waitMs = waitFor(bucket, need, nowMs);
      const wanted = Math.min(need, bucket.limit ?? need);
      expect(waitMs).toBeLessThanOrEqual(bucket.resetMs);
      expect(levelAt(bucket, nowMs + waitMs)).toBeGreaterThanOrEqual(wanted - 1e-6 * wanted);
      if (waitMs > 1) expect(levelAt(bucket, nowMs + waitMs - 1)).toBeLessThan(wanted);
    }),
  );
});

test('a level only rises by itself, up to the limit, and falls by what is taken', () => {
  fc.assert(
    fc.property(buckets, fc.nat({ max: 700_000 }), fc.nat({ max: 1000 }), (bucket, passedMs, need) => {
      const nowMs = bucket.atMs + passedMs;
      const level = levelAt(bucket, nowMs);
      expect(level).toBeGreaterThanOrEqual(bucket.remaining);
      if (bucket.limit !== undefined) expect(level).toBeLessThanOrEqual(bucket.limit);
      const after = take(bucket, need, nowMs);
      if (after !== undefined && after.resetMs > 0) expect(levelAt(after, nowMs)).toBeCloseTo(level - need, 3);
    }),
  );
});

describe('a minute’s bucket of 60 that is empty', () => {
  const empty: Bucket = { remaining: 0, limit: 60, resetMs: 60_000, atMs: 0 };

  test('has room for one after a second, and for all after a minute', () => {
    expect([1, 30, 60, 90].map((need) => waitFor(empty, need, 0))).toEqual([1000, 30_000, 60_000, 60_000]);
    expect(waitFor(empty, 1, 400)).toBe(600);
  });

  test('makes the next one wait for what was taken', () => {
    const later = take(empty, 2, 2000)!;
    expect(waitFor(later, 1, 2000)).toBeCloseTo(1000);
  });

  test('says nothing before its reset where the limit is not known, and nothing at all after it', () => {
    const unknown: Bucket = { ...empty, limit: undefined };
    expect(waitFor(unknown, 1, 10_000)).toBe(50_000);
    expect(take(unknown, 1, 60_000)).toBeUndefined();
  });
});
