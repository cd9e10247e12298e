import { inspect } from 'node:util';
import { virtualWorld } from 'mulligan/testing';
import { describe, expect, test } from 'vitest';
import { type PoolEvent, ProxyPool, type ProxySettings } from './index.ts';

function start(...proxies: (string | ProxySettings)[]): {
  pool: ProxyPool;
  events: PoolEvent[];
  world: ReturnType<typeof virtualWorld>;
} {
  const world = virtualWorld();
  const pool = new ProxyPool({ world });
  const events: PoolEvent[] = [];
  pool.events.on((event) => events.push(event));
  for (const proxy of proxies) pool.add(proxy);
  return { pool, events, world };
}

const ids = (pool: ProxyPool): string[] => pool.list().map(({ id }) => id);

describe('proxies', () => {
  test('come, change and go, and the pool tells of it', () => {
    const { pool, events } = start('http://alice:secret@a.example:8080', {
      url: 'b.example:1',
      id: 'second',
      weight: 3,
    });
    expect(ids(pool)).toEqual(['a.example:8080', 'second']);
    pool.update('second', { region: 'EU', tags: ['fast', 'fast'] });
    expect(pool.get('second')).toMatchObject({ region: 'EU', tags: ['fast'], weight: 3 });
    expect([pool.remove('second'), pool.remove('second'), pool.size, pool.has('second')]).toEqual([
      true,
      false,
      1,
      false,
    ]);
    expect(events.map(({ type, proxyId }) => `${type} ${proxyId}`)).toEqual([
      'pool.added a.example:8080',
      'pool.added second',
      'pool.updated second',
      'pool.removed second',
    ]);
  });

  test('have one id each', () => {
    const { pool } = start('a:1');
    expect(() => pool.add('http://other@a:1')).toThrow(
      'the pool has a proxy "a:1" already: remove it first, or give this one another id',
    );
    expect(pool.add({ url: 'http://other@a:1', id: 'a:1~2' }).address.username).toBe('other');
  });

  test('have the region of their metadata, as ProxyWhirl writes it', () => {
    const { pool } = start({ url: 'a:1', metadata: { region: 'US-EAST' } });
    expect(pool.get('a:1')?.region).toBe('US-EAST');
  });

  test('keep what is known of them when they change', () => {
    const { pool } = start('http://alice:secret@a:1');
    const proxy = pool.get('a:1')!;
    pool.acquire(proxy)?.settle({ kind: 'worked', latencyMs: 20 });
    expect(pool.update('a:1', { weight: 2 })).toBe(proxy);
    expect([proxy.stats.successes, proxy.address.password]).toEqual([1, 'secret']);
    pool.update('a:1', { url: 'http://b:2' });
    expect([proxy.id, proxy.url, proxy.stats.successes]).toEqual(['a:1', 'http://b:2', 1]);
  });

  test('never show their credentials', () => {
    const { pool, events } = start('http://alice:secret@a:1');
    const shown = [
      inspect(pool, { depth: 9 }),
      JSON.stringify(pool.list()),
      inspect(events),
      pool.export(),
      pool.export({ format: 'csv' }),
    ];
    for (const text of shown) expect(text).not.toMatch(/alice|secret/);
  });

  test('even when their settings are wrong', () => {
    const { pool } = start();
    const url = 'http://alice:secret@a:1';
    for (const wrong of [{ ulr: url }, { url: `${url}/path` }, { url, id: 'b d' }, [url]]) {
      let error: unknown;
      try {
        pool.add(wrong as never);
      } catch (thrown) {
        error = thrown;
      }
      expect(inspect(error)).toContain('InvalidOptionError');
      expect(inspect(error)).not.toContain('secret');
    }
  });

  test.each([
    [{ url: 'a:1', weight: 0 }, 'weight must be a number'],
    [{ url: 'a:1', maxConcurrent: 0 }, 'maxConcurrent must be a whole number of at least 1, got 0'],
    [{ url: 'a:1', tags: 'fast' }, 'tags must be a list of words, got "fast"'],
    [{ url: 'a:1', id: 'has space' }, 'id must be up to 200 characters without white space'],
    [{ url: 'a:1', paused: 'yes' }, 'paused must be true or false, got "yes"'],
    [{ url: 'a:1', wieght: 2 }, "did you mean 'weight'?"],
    [{ url: 'ftp://a:1' }, 'the protocol of a proxy must be one of'],
  ])('%j is refused', (settings, sentence) => {
    const { pool } = start('b:1');
    expect(() => pool.add(settings as ProxySettings)).toThrow(sentence);
    expect(ids(pool)).toEqual(['b:1']);
  });
});

describe('a lease', () => {
  const worked = { kind: 'worked', latencyMs: 50 } as const;
  const failed = { kind: 'failed', error: new Error('refused') } as const;

  test('counts once, whatever is said after', () => {
    const { pool } = start('a:1');
    const proxy = pool.get('a:1')!;
    const lease = pool.acquire(proxy)!;
    expect(proxy.stats.inFlight).toBe(1);
    lease.settle(failed);
    lease.settle(worked);
    expect(proxy.stats).toMatchObject({ inFlight: 0, requests: 1, successes: 0, started: 1, lastFailure: 'refused' });
  });

  test('keeps the proxy in use while somebody holds it', () => {
    const { pool } = start({ url: 'a:1', maxConcurrent: 1 });
    const proxy = pool.get('a:1')!;
    const lease = pool.acquire(proxy)!;
    const [one, other] = [lease.hold(), lease.hold()];
    lease.settle(worked);
    one();
    one();
    expect([proxy.stats.inFlight, proxy.availability().reason, pool.acquire(proxy)]).toEqual([1, 'busy', undefined]);
    other();
    lease.hold()();
    expect([proxy.stats.inFlight, proxy.availability().reason]).toEqual([0, undefined]);
  });

  test('that says nothing about the proxy gives its test of the breaker back', async () => {
    const { pool, world } = start('a:1');
    const proxy = pool.get('a:1')!;
    for (let i = 0; i < 5; i++) pool.acquire(proxy)?.settle(failed);
    expect(proxy.availability()).toEqual({ reason: 'breaker-open', waitMs: 30_000 });
    await world.advance('30s');
    const probe = pool.acquire(proxy)!;
    expect(proxy.availability()).toEqual({ reason: 'half-open', waitMs: Number.POSITIVE_INFINITY });
    probe.settle({ kind: 'unknown' });
    pool.acquire(proxy)?.settle({ kind: 'carried' });
    expect(proxy.breaker.state).toBe('closed');
    expect(proxy.stats.requests).toBe(5);
  });

  test('tells of the breaker’s changes, but not of those of a proxy that has left', () => {
    const { pool, events } = start('a:1');
    const gone = pool.get('a:1')!;
    const lease = pool.acquire(gone)!;
    for (let i = 0; i < 4; i++) pool.acquire(gone)?.settle(failed);
    pool.remove('a:1');
    pool.add('a:1');
    events.length = 0;
    lease.settle(failed);
    expect([gone.breaker.state, events]).toEqual(['open', []]);
    for (let i = 0; i < 5; i++) pool.acquire(pool.get('a:1')!)?.settle(failed);
    expect(events).toMatchObject([
      { type: 'breaker.transition', proxyId: 'a:1', from: 'closed', to: 'open', failures: 5 },
    ]);
  });
});

test('latency is compared over the newest attempts of the whole pool', () => {
  const world = virtualWorld();
  const pool = new ProxyPool({ world, history: 3 });
  const [a, b] = [pool.add('a:1'), pool.add('b:1')];
  const attempt = (proxy: typeof a, latencyMs?: number): void =>
    pool
      .acquire(proxy)!
      .settle(latencyMs === undefined ? { kind: 'failed', error: new Error('no') } : { kind: 'worked', latencyMs });
  attempt(a, 100);
  attempt(a, 300);
  expect(a.stats.recentLatencyMs).toBe(200);
  attempt(b, 50);
  attempt(b);
  expect([a.stats.recentLatencyMs, b.stats.recentLatencyMs]).toEqual([300, 50]);
  attempt(b, 70);
  expect([a.stats.recentLatencyMs, b.stats.recentLatencyMs, a.stats.averageLatencyMs]).toEqual([0, 60, 200]);
});

test('a proxy with a pace may begin a second’s worth at once, and then evenly', async () => {
  const { pool, world } = start({ url: 'a:1', ratePerSecond: 4 });
  const proxy = pool.get('a:1')!;
  const take = (): boolean => pool.acquire(proxy) !== undefined;
  expect([take(), take(), take(), take(), take()]).toEqual([true, true, true, true, false]);
  expect(proxy.availability()).toEqual({ reason: 'paced', waitMs: 250 });
  await world.advance(250);
  expect([take(), take()]).toEqual([true, false]);
});
