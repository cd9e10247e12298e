import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pipeline } from '../../kernel/index.ts';
import { recorder, script, type VirtualWorld, virtualWorld } from '../../testing/index.ts';
import { constant } from '../backoff.ts';
import { retry } from '../retry.ts';
import { adaptiveRate } from './adaptive-rate.ts';
import { SendRate } from './send-rate.ts';

const busy = (): Error => Object.assign(new Error('slow down'), { status: 429 });

/** A server that lets so many requests through in a second, and throttles the rest. */
function server(world: VirtualWorld, perSecond: number): { (): Promise<string>; served: number; throttled: number } {
  let second = 0;
  let inSecond = 0;
  const handle = async (): Promise<string> => {
    const now = Math.floor(world.now() / 1000);
    if (now !== second) [second, inSecond] = [now, 0];
    if (++inSecond > perSecond) {
      handle.throttled++;
      throw busy();
    }
    handle.served++;
    return 'ok';
  };
  handle.served = 0;
  handle.throttled = 0;
  return handle;
}

test('nothing is delayed until the server throttles for the first time', async () => {
  const world = virtualWorld();
  const rate = adaptiveRate({ world });
  for (let i = 0; i < 1000; i++) await rate.execute(async () => i);
  expect(world.now()).toBe(0);
  expect(rate.perSecond).toBe(Number.POSITIVE_INFINITY);
});

test('after a throttle even first attempts wait for their turn, and are told of', async () => {
  const world = virtualWorld();
  const log = recorder();
  const rate = adaptiveRate({ world, name: 'api', onEvent: log });
  await expect(rate.execute(script([busy()]))).rejects.toThrow('slow down');
  expect(rate.perSecond).toBe(0.5);
  await world.run(rate.execute(async () => 'ok'));
  expect(world.now()).toBe(2000);
  expect(log.of('rate-limit.delayed')).toMatchObject([{ name: 'api', waitMs: 2000 }]);
});

test('a client that adapts is throttled far less than one that does not', async () => {
  const load = async (adapts: boolean): Promise<{ served: number; throttled: number }> => {
    const world = virtualWorld();
    const handle = server(world, 20);
    const again = retry({ world, attempts: 3, backoff: constant('1s') });
    const policy = adapts ? pipeline(again, adaptiveRate({ world })) : again;
    const running: Promise<unknown>[] = [];
    for (let tick = 0; tick < 600; tick++) {
      running.push(policy.execute(handle).catch(() => {}));
      await world.advance(20);
    }
    await world.run(Promise.all(running));
    return handle;
  };
  const [greedy, polite] = [await load(false), await load(true)];
  expect(polite.throttled).toBeLessThan(greedy.throttled / 3);
  expect(polite.served).toBeGreaterThan(100);
});

test('values with a status of 429 count as throttles, and isThrottle may say otherwise', async () => {
  const world = virtualWorld();
  const byStatus = adaptiveRate({ world });
  await byStatus.execute(async () => ({ status: 503 }));
  expect(byStatus.perSecond).toBe(Number.POSITIVE_INFINITY);
  await byStatus.execute(async () => ({ status: 429 }));
  expect(byStatus.perSecond).toBe(0.5);
  const own = adaptiveRate({ world, isThrottle: (outcome) => outcome.ok && outcome.value === 'busy' });
  await own.execute(async () => 'busy');
  expect(own.perSecond).toBe(0.5);
});

test('an abort ends the wait at once, and gives the place back', async () => {
  const world = virtualWorld();
  const rate = adaptiveRate({ world });
  await rate.execute(script([busy()])).catch(() => {});
  const controller = new AbortController();
  const waiting = rate.execute(async () => 'first', { signal: controller.signal });
  await world.advance(500);
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  await world.run(rate.execute(async () => 'second'));
  expect(world.now()).toBe(2000);
});

test('one rate per key', async () => {
  const world = virtualWorld();
  const log = recorder();
  const rates = adaptiveRate.keyed({ world, name: 'api', onEvent: log });
  await rates
    .for('a.test')
    .execute(script([busy()]))
    .catch(() => {});
  expect(rates.for('a.test').perSecond).toBe(0.5);
  expect(rates.for('b.test').perSecond).toBe(Number.POSITIVE_INFINITY);
  await world.run(rates.for('a.test').execute(async () => 'ok'));
  expect(log.events).toMatchObject([{ name: 'api:a.test' }]);
});

test('bad options are answered in sentences', () => {
  expect(() => adaptiveRate({ isThrottle: 429 } as never)).toThrow('isThrottle must be a function, got 429');
  expect(() => adaptiveRate.keyed({ rate: 1 } as never)).toThrow(`adaptiveRate has no option 'rate'`);
});

test('the rate never falls below one call in two seconds, and never exceeds twice what was measured', () => {
  const step = fc.record({ waitMs: fc.nat({ max: 3000 }), isThrottle: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), (steps) => {
      const rate = new SendRate(0);
      let nowMs = 0;
      rate.record(0, true);
      for (const { waitMs, isThrottle } of steps) {
        nowMs += waitMs + rate.reserve(nowMs);
        rate.record(nowMs, isThrottle);
        expect(rate.perSecond).toBeGreaterThanOrEqual(0.5);
        expect(rate.perSecond).toBeLessThanOrEqual(Math.max(0.5, 2 * rate.measuredPerSecond) + 1e-9);
      }
    }),
  );
});

test('places are given out in order: nobody who comes later is sent earlier', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 500 }), { minLength: 2, maxLength: 50 }), (gaps) => {
      const rate = new SendRate(0);
      rate.record(0, true);
      let nowMs = 0;
      let lastSentMs = 0;
      for (const gapMs of gaps) {
        nowMs += gapMs;
        const sentMs = nowMs + rate.reserve(nowMs);
        expect(sentMs).toBeGreaterThanOrEqual(lastSentMs - 1e-6);
        lastSentMs = sentMs;
      }
    }),
  );
});
