import { createServer } from 'node:net';
import fc from 'fast-check';
import { virtualWorld, type VirtualWorld } from 'mulligan/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { start } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';
import { ProxyPool, type ProxySettings } from '../pool/index.ts';
import { type CheckResult, ProxyRotator } from '../rotator/index.ts';
import { HealthMonitor, type HealthOptions } from './index.ts';
import { nextCheckMs } from './next-check.ts';

interface Monitored {
  readonly pool: ProxyPool;
  readonly world: VirtualWorld;
  /** The ids of the proxies that were checked, and when. */
  readonly checks: [id: string, atMs: number][];
  /** The ids of the proxies that do not work. */
  readonly dead: Set<string>;
}

function monitor(proxies: readonly (string | ProxySettings)[], options: HealthOptions = {}): Monitored {
  const world = virtualWorld({ seed: () => 0.5 });
  const pool = new ProxyPool({ world, circuitBreaker: { failures: 1 } });
  const checks: [string, number][] = [];
  const dead = new Set<string>();
  for (const proxy of proxies) pool.add(proxy);
  const checkProxy = (id: string): Promise<CheckResult> => {
    const isWorking = !dead.has(id);
    checks.push([id, world.now()]);
    const lease = pool.acquire(pool.get(id)!);
    lease?.settle(isWorking ? { kind: 'worked', latencyMs: 1 } : { kind: 'failed', error: new Error('dead') });
    return Promise.resolve({ proxyId: id, isWorking, at: 0, latencyMs: 1, status: undefined, failure: undefined });
  };
  const monitored = new HealthMonitor({ pool, world, checkProxy }, options);
  onTestFinished(() => monitored.close());
  return { pool, world, checks, dead };
}

test('a proxy that nobody uses is checked every minute, the first time at a moment of chance', async () => {
  const { world, checks } = monitor(['a:1']);
  await world.advance('3m');
  expect(checks.map(([, atMs]) => atMs)).toEqual([30_000, 90_000, 150_000]);
});

test('one that is dead is found before a request finds it, and asked less and less often', async () => {
  const { pool, world, checks, dead } = monitor(['a:1'], { deadInterval: '40s' });
  dead.add('a:1');
  await world.advance('10m');
  expect(pool.get('a:1')?.breaker.state).toBe('open');
  const waits = checks.map(([, atMs], index) => atMs - (checks[index - 1]?.[1] ?? 0));
  expect(waits).toEqual([30_000, 30_000, 60_000, 120_000, 240_000]);
});

test('one that comes back is back in use, without a request being risked', async () => {
  const { pool, world, dead } = monitor(['a:1']);
  dead.add('a:1');
  await world.advance('1m');
  expect(pool.get('a:1')?.breaker.state).toBe('open');
  dead.clear();
  await world.advance('1m');
  expect(pool.get('a:1')?.breaker.state).toBe('closed');
});

test('one that requests use is not checked besides, nor one that is paused or has left', async () => {
  const { pool, world, checks } = monitor(['used:1', { url: 'paused:1', paused: true }, 'gone:1']);
  pool.remove('gone:1');
  for (let second = 0; second < 300; second += 10) {
    pool.acquire(pool.get('used:1')!)?.settle({ kind: 'worked', latencyMs: 1 });
    await world.advance('10s');
  }
  expect(checks).toEqual([]);
});

test('one that comes later is checked, too, and after the end nobody is', async () => {
  const world = virtualWorld();
  const pool = new ProxyPool({ world });
  const checkProxy = vi.fn<ProxyRotator['checkProxy']>(() => new Promise(() => {}));
  const monitored = new HealthMonitor({ pool, world, checkProxy }, { concurrency: 2 });
  for (const id of ['a:1', 'b:1', 'c:1']) pool.add(id);
  await world.advance('1m');
  expect(checkProxy).toHaveBeenCalledTimes(2);
  monitored.close();
  pool.add('d:1');
  await world.advance('5m');
  expect(checkProxy).toHaveBeenCalledTimes(2);
  expect(world.pendingTimers).toBe(0);
});

test('with real proxies: what is found is told', async () => {
  const proxy = await start(startWorkingProxy());
  const origin = await start(startOrigin());
  let heard: (result: CheckResult) => void = () => {};
  const first = new Promise<CheckResult>((resolve) => (heard = resolve));
  const rotator = new ProxyRotator({
    proxies: [proxy.url],
    onEvent: (event) => {
      if (event.type === 'proxy.checked') heard(event);
    },
  });
  const monitored = new HealthMonitor(rotator, { url: origin.url, interval: 100 });
  onTestFinished(() => monitored.close());
  onTestFinished(() => rotator.close());
  expect(await first).toMatchObject({ isWorking: true, status: 200 });
});

test('a check by hand counts, and brings back a proxy whose breaker is open', async () => {
  const origin = await start(startOrigin());
  const good = await start(startWorkingProxy());
  const bad = await start(startFaultyProxy('answers 503'));
  const rotator = new ProxyRotator({
    proxies: [
      { url: good.url, id: 'good' },
      { url: bad.url, id: 'bad' },
    ],
  });
  onTestFinished(() => rotator.close());
  expect(await rotator.checkProxy('good', { url: origin.url })).toMatchObject({ isWorking: true, status: 200 });
  expect(await rotator.checkProxy('bad', { url: origin.url })).toMatchObject({ isWorking: false, status: 503 });
  expect(rotator.pool.get('bad')?.stats).toMatchObject({ requests: 1, successes: 0 });
  for (let i = 0; i < 5; i++) await rotator.checkProxy('bad', { url: origin.url });
  expect(rotator.pool.get('bad')?.breaker.state).toBe('open');
  expect(await rotator.checkProxy('bad')).toMatchObject({ isWorking: true });
  expect(rotator.pool.get('bad')?.breaker.state).toBe('closed');
  await expect(rotator.checkProxy('nobody')).rejects.toThrow('the pool has no proxy "nobody"');
});

test('a check of a proxy that never answers ends in time', async () => {
  const silent = await start(listening(createServer(() => {})));
  const rotator = new ProxyRotator({ proxies: [{ url: `socks5h://127.0.0.1:${silent.port}`, id: 'p' }] });
  onTestFinished(() => rotator.close());
  const result = await rotator.checkProxy('p', { url: 'http://origin.example/', timeout: 50 });
  expect(result).toMatchObject({ isWorking: false, failure: { message: 'no answer within 50 ms' } });
});

test('the longer a proxy is dead the less often it is checked, but never less than the limit says', () => {
  const times = { intervalMs: 60_000, deadMs: 30_000, maxDeadMs: 3_600_000 };
  expect(nextCheckMs(0, times, Math.random)).toBe(60_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, chance) => {
        const waitMs = nextCheckMs(failures, times, () => chance);
        const longest = Math.min(30_000 * 2 ** (failures - 1), 3_600_000);
        expect(waitMs).toBeGreaterThanOrEqual(longest / 2);
        expect(waitMs).toBeLessThanOrEqual(longest);
      },
    ),
  );
});
