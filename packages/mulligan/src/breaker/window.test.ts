import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallRing, FailureLog, Streak, TimeBuckets } from './window.ts';

interface Entry {
  readonly gapMs: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

const entries = fc.array(fc.record({ gapMs: fc.nat(400), failed: fc.boolean(), slow: fc.boolean() }), {
  maxLength: 120,
});

function timed(list: readonly Entry[]): (Entry & { atMs: number })[] {
  let atMs = 0;
  return list.map((entry) => ({ ...entry, atMs: (atMs += entry.gapMs) }));
}

test('a ring counts the last so many calls', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 70 }), (list, size) => {
      const ring = new CallRing(size, true);
      for (const { failed, slow } of list) ring.record(0, failed, slow);
      const last = list.slice(-size);
      expect([ring.calls, ring.failures, ring.slow]).toEqual([
        last.length,
        last.filter(({ failed }) => failed).length,
        last.filter(({ slow }) => slow).length,
      ]);
    }),
  );
});

test('a log counts the failures that are not older than the window, to the millisecond', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 2000 }), fc.nat(3000), (list, lengthMs, laterMs) => {
      const log = new FailureLog(lengthMs, 10_000);
      const all = timed(list);
      for (const { atMs, failed } of all) log.record(atMs, failed);
      const nowMs = (all.at(-1)?.atMs ?? 0) + laterMs;
      log.prune(nowMs);
      expect(log.failures).toBe(all.filter(({ atMs, failed }) => failed && nowMs - atMs <= lengthMs).length);
    }),
  );
});

test('a log keeps the newest failures when there are more than it may keep', () => {
  const log = new FailureLog(1000, 3);
  for (const atMs of [0, 1, 2, 3, 4]) log.record(atMs, true);
  expect(log.failures).toBe(3);
  log.prune(1002);
  expect(log.failures).toBe(3);
  log.prune(1003);
  expect(log.failures).toBe(2);
});

test('buckets count everything younger than nine tenths of the window and nothing older than the window', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 10, max: 3000 }), fc.nat(6000), (list, lengthMs, laterMs) => {
      const buckets = new TimeBuckets(lengthMs);
      const all = timed(list);
      for (const { atMs, failed, slow } of all) buckets.record(atMs, failed, slow);
      const nowMs = (all.at(-1)?.atMs ?? 0) + laterMs;
      buckets.prune(nowMs);
      const within = (ms: number) => all.filter(({ atMs }) => nowMs - atMs < ms);
      for (const [counted, matches] of [
        [buckets.calls, () => true],
        [buckets.failures, ({ failed }: Entry) => failed],
        [buckets.slow, ({ slow }: Entry) => slow],
      ] as const) {
        expect(counted).toBeGreaterThanOrEqual(within(lengthMs * 0.9).filter(matches).length);
        expect(counted).toBeLessThanOrEqual(within(lengthMs).filter(matches).length);
      }
    }),
  );
});

test('a streak is over with the first success', () => {
  const streak = new Streak();
  for (const failed of [true, true, false, true]) streak.record(0, failed);
  expect(streak.failures).toBe(1);
});
