import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retry } from '../retry/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { metricsStore } from './store.ts';

const hour = 3_600_000;

test('the store tells how often retrying was needed and how often it helped', async () => {
  const world = virtualWorld();
  const store = metricsStore({ world });
  const options = { name: 'load', on: Error, attempts: 3, backoff: () => 500, world, onEvent: store.listener };
  await world.run(retry(script(['at once']), options));
  await world.run(retry(script([new Error('no'), 'second']), options));
  await world.run(retry(script([new Error('no'), new Error('no'), 'third']), options));
  await world.run(retry(script([new Error('never')]), options).catch(() => undefined));
  expect(store.summary()).toEqual({
    calls: 4,
    retryRate: 0.75,
    successAfterRetryRate: 0.5,
    exhausted: 1,
    averageRetries: 5 / 4,
    totalRetryLatencyMs: 2500,
    successByAttempt: { 1: 1, 2: 1, 3: 1 },
    givenUp: { attempts: 1 },
  });
  expect(store.summary('load')).toEqual(store.summary());
  expect(store.summary('unknown').calls).toBe(0);
});

test('hours are counted apart, and those older than a day are forgotten', async () => {
  const world = virtualWorld();
  const store = metricsStore({ world });
  const call = (): Promise<string> => world.run(retry(script(['ok']), { world, onEvent: store.listener }));
  await call();
  await world.advance(hour);
  await call();
  await call();
  expect(store.timeseries().map(({ calls }) => calls)).toEqual([1, 2]);
  expect(store.timeseries(1).map(({ calls }) => calls)).toEqual([2]);
  await world.advance(23 * hour);
  expect(store.summary().calls).toBe(2);
  await world.advance(hour);
  expect(store.summary().calls).toBe(0);
});

test('a failure that another attempt could not better is no exhaustion', async () => {
  const world = virtualWorld();
  const store = metricsStore({ world });
  const fatal = script([new TypeError('wrong')]);
  await world.run(retry(fatal, { world, onEvent: store.listener }).catch(() => undefined));
  expect(store.summary()).toMatchObject({ exhausted: 0, givenUp: { 'not-retryable': 1 } });
});

test('names beyond the limit count into the whole only, so that memory stays bounded', async () => {
  const world = virtualWorld();
  const store = metricsStore({ world, maxNames: 2 });
  for (const name of ['a', 'b', 'c']) await retry(script(['ok']), { name, world, onEvent: store.listener });
  expect(store.names()).toEqual(['a', 'b']);
  expect(store.summary('c').calls).toBe(0);
  expect(store.summary().calls).toBe(3);
});

test('the rates always follow from the counts', () => {
  const ended = fc.record({ attempts: fc.integer({ min: 1, max: 20 }), ok: fc.boolean() });
  fc.assert(
    fc.property(fc.array(ended, { maxLength: 50 }), (calls) => {
      const store = metricsStore({ world: virtualWorld() });
      const base = { at: 0, name: 'x', durationMs: 1, waitedMs: 2 };
      for (const { attempts, ok } of calls) {
        if (ok) store.listener({ ...base, type: 'call.succeeded', attempts });
        else store.listener({ ...base, type: 'call.failed', attempts, reason: 'attempts', error: undefined });
      }
      const summary = store.summary();
      const counted = Object.values(summary.successByAttempt).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(calls.filter(({ ok }) => ok).length);
      expect(summary.calls).toBe(calls.length);
      expect(summary.retryRate).toBeCloseTo(
        calls.filter(({ attempts }) => attempts > 1).length / Math.max(calls.length, 1),
      );
      expect(summary.successAfterRetryRate).toBeLessThanOrEqual(summary.retryRate);
    }),
  );
});
