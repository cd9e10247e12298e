import fc from 'fast-check';
import { virtualWorld } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { LiveWindow, quantile } from './live-window.ts';

const call = { isFailure: false, retries: 0, durationMs: 10 };

test('before anything has ended there is no rate of success and no latency', () => {
  const reading = new LiveWindow(virtualWorld()).read();
  expect(reading).toMatchObject({ perSecond: 0, successRate: undefined, latencyMs: undefined });
  expect(reading.seconds).toHaveLength(60);
});

test('it counts second by second', async () => {
  const world = virtualWorld();
  const window = new LiveWindow(world);
  window.add(call);
  window.add({ isFailure: true, retries: 2, durationMs: 30 });
  await world.advance(1000);
  window.add(call);
  const { seconds, perSecond, successRate } = window.read();
  expect(seconds.slice(-2)).toMatchObject([
    { requests: 2, failures: 1, retries: 2, medianMs: 10 },
    { requests: 1, failures: 0, retries: 0, medianMs: 10 },
  ]);
  expect(seconds.at(-1)!.atMs - seconds.at(-2)!.atMs).toBe(1000);
  expect(perSecond).toBe(3);
  expect(successRate).toBeCloseTo(2 / 3);
});

test('what is older than the window does not count any more', async () => {
  const world = virtualWorld();
  const window = new LiveWindow(world, 10);
  window.add(call);
  await world.advance(9999);
  expect(window.read().seconds.map(({ requests }) => requests)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await world.advance(1);
  expect(window.read()).toMatchObject({ perSecond: 0, successRate: undefined });
});

test('a busy second keeps only a sample of its durations, and all of its counts', () => {
  const window = new LiveWindow(virtualWorld({ seed: 1 }));
  for (let durationMs = 1; durationMs <= 10_000; durationMs++) window.add({ ...call, durationMs });
  const { seconds, latencyMs } = window.read();
  expect(seconds.at(-1)!.requests).toBe(10_000);
  expect(latencyMs!.p50).toBeGreaterThan(4000);
  expect(latencyMs!.p50).toBeLessThan(6000);
  expect(latencyMs!.p99).toBeGreaterThan(9500);
});

test('a quantile is one of the values, and no more than that share lies below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const value = quantile(sorted, share);
        expect(sorted).toContain(value);
        expect(sorted.filter((each) => each < value).length).toBeLessThan(share * sorted.length + 1e-9);
        expect(sorted.filter((each) => each <= value).length).toBeGreaterThanOrEqual(share * sorted.length - 1e-9);
      },
    ),
  );
});
