import { expect, test } from 'vitest';
import { virtualWorld } from 'mulligan/testing';
import { MinuteHistory } from './minute-history.ts';

const minute = 60_000;

test('what ends within a minute is added up', () => {
  const world = virtualWorld();
  const history = new MinuteHistory(world);
  const at = world.wallNow();
  history.addCall(at, { isFailure: false, latenciesMs: [10] });
  history.addCall(at + 5000, { isFailure: true, latenciesMs: [20, 30, 40] });
  history.addBreakerOpening(at + 6000);
  expect(history.since(0)).toEqual([
    { atMs: at, requests: 2, failures: 1, retries: 2, breakerOpens: 1, meanMs: 25, p95Ms: 40 },
  ]);
});

test('a minute in which nothing ended is left out, and one without attempts has no latency', async () => {
  const world = virtualWorld();
  const history = new MinuteHistory(world);
  history.addCall(world.wallNow(), { isFailure: false, latenciesMs: [10] });
  await world.advance(3 * minute);
  history.addBreakerOpening(world.wallNow());
  const minutes = history.since(world.wallNow() - 10 * minute);
  expect(minutes.map(({ requests, meanMs, p95Ms }) => [requests, meanMs, p95Ms])).toEqual([
    [1, 10, 10],
    [0, undefined, undefined],
  ]);
  expect(history.since(world.wallNow())).toHaveLength(1);
});

test('a day is kept, and no more latencies of a minute than are needed', async () => {
  const world = virtualWorld();
  const history = new MinuteHistory(world, 5);
  for (let count = 0; count < 10; count++) {
    history.addCall(world.wallNow(), { isFailure: false, latenciesMs: Array.from({ length: 1000 }, (_, at) => at) });
    await world.advance(minute);
  }
  const minutes = history.since(0);
  expect(minutes).toHaveLength(5);
  for (const { meanMs, p95Ms = 0 } of minutes) {
    expect(meanMs).toBe(499.5);
    expect(p95Ms).toBeGreaterThan(700);
  }
});

test('a clock that was set back loses nothing', () => {
  const world = virtualWorld();
  const history = new MinuteHistory(world);
  history.addCall(world.wallNow(), { isFailure: false, latenciesMs: [1] });
  history.addCall(world.wallNow() - 10 * minute, { isFailure: false, latenciesMs: [1] });
  expect(history.since(0).map(({ requests }) => requests)).toEqual([2]);
});
