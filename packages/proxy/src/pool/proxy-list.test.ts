import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { virtualWorld } from 'mulligan/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { type LoadReport, parseProxies, ProxyPool, watchProxies } from './index.ts';

const ids = (pool: ProxyPool): string[] => pool.list().map(({ id }) => id);

describe('a list is read', () => {
  test('as text, with comments, empty lines and twins', () => {
    const text = '# mine\nhttp://a:1\n\nb:2  # the quick one\r\nHTTP://A:1/\nhttp://other:pw@a:1\nc:3:user:pw\n';
    expect(parseProxies(text)).toEqual({
      proxies: [
        { url: 'http://a:1', id: 'a:1' },
        { url: 'b:2', id: 'b:2' },
        { url: 'http://other:pw@a:1', id: 'a:1~2' },
        { url: 'c:3:user:pw', id: 'c:3' },
      ],
      problems: [],
    });
  });

  test('as CSV, by the names of its columns', () => {
    const text =
      'URL,region,tags,weight,max_concurrent,paused,metadata\nhttp://a:1,"US, East",fast cheap,2,5,true,"{""k"":""v""}"\nb:2,,,,,,\n';
    expect(parseProxies(text).proxies).toEqual([
      {
        url: 'http://a:1',
        id: 'a:1',
        region: 'US, East',
        tags: ['fast', 'cheap'],
        weight: 2,
        maxConcurrent: 5,
        paused: true,
        metadata: { k: 'v' },
      },
      { url: 'b:2', id: 'b:2' },
    ]);
  });

  test('as CSV with the parts of an address', () => {
    const text = 'host,port,username,password,protocol\na,1,user,p@ss,socks5\nb,2,,,\n';
    expect(parseProxies(text).proxies.map(({ url }) => url)).toEqual(['socks5://user:p%40ss@a:1', 'http://b:2']);
  });

  test('as JSON, bare or under "proxies"', () => {
    const proxies = ['a:1', { url: 'b:2', max_concurrent: 3, rate_per_second: 0.5 }];
    const expected = [
      { url: 'a:1', id: 'a:1' },
      { url: 'b:2', id: 'b:2', maxConcurrent: 3, ratePerSecond: 0.5 },
    ];
    expect(parseProxies(JSON.stringify(proxies)).proxies).toEqual(expected);
    expect(parseProxies(JSON.stringify({ proxies })).proxies).toEqual(expected);
  });

  test('as a list that is ready', () => {
    const pool = new ProxyPool();
    const list = new Set(['http://a.test:1', { url: 'http://b.test:2', region: 'EU' }, 'no proxy at all']);
    const { added, problems } = pool.load(list);
    expect([added, problems.map(({ place }) => place)]).toEqual([['a.test:1', 'b.test:2'], ['entry 3']]);
    expect(pool.load(list).kept).toEqual(added);
  });

  test('with what is wrong said for each place, without credentials, and the rest taken', () => {
    const text = 'http://user:secret@a:99999\nb:2\nftp://user:secret@c:3\n';
    const { proxies, problems } = parseProxies(text);
    expect(proxies.map(({ id }) => id)).toEqual(['b:2']);
    expect(problems.map(({ place }) => place)).toEqual(['line 1', 'line 3']);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test.each([
    ['[ "http://user:secret@a:1", ', 'json'],
    ['{"nothing": 1}', 'json'],
    ['url\n"http://user:secret@a:1', 'csv'],
  ] as const)('and if it cannot be read at all, that is said: %s', (text, format) => {
    const { proxies, problems } = parseProxies(text, format);
    expect([proxies, problems.length]).toEqual([[], 1]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test('an IPv6 address at the beginning makes no JSON of it', () => {
    expect(parseProxies('[::1]:8080\n').proxies).toEqual([{ url: '[::1]:8080', id: '[::1]:8080' }]);
  });
});

test('what is exported is read again the same, in every form that can hold it', () => {
  const word = fc.stringMatching(/^[a-z][a-z ,"]{0,8}$/);
  const settings = fc.record(
    {
      url: fc.integer({ min: 1, max: 65_535 }).map((port) => `socks5://us%2Fer:p%40%2C%22w@host.example:${port}`),
      region: word,
      tags: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 3 }),
      weight: fc.integer({ min: 1, max: 9 }),
      cost: fc.integer({ min: 0, max: 9 }),
      metadata: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), word, { noNullPrototype: true, maxKeys: 2 }),
      maxConcurrent: fc.integer({ min: 1, max: 9 }),
      ratePerSecond: fc.integer({ min: 1, max: 9 }),
      paused: fc.boolean(),
    },
    { requiredKeys: ['url'] },
  );
  const list = fc.uniqueArray(settings, { selector: ({ url }) => url, minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(list, fc.constantFrom('json', 'csv'), (proxies, format) => {
      const [first, second] = [new ProxyPool(), new ProxyPool()];
      for (const proxy of proxies) first.add(proxy);
      const text = first.export({ format, credentials: true });
      expect(second.load(text)).toMatchObject({ added: ids(first), problems: [] });
      expect(second.export({ credentials: true })).toBe(first.export({ credentials: true }));
    }),
    { numRuns: 50 },
  );
});

describe('a list is loaded', () => {
  test('adds, changes and removes what it must, and leaves alone what is the same or somebody else’s', () => {
    const pool = new ProxyPool();
    pool.add('mine:1');
    const first = pool.load(JSON.stringify(['a:1', { url: 'b:2', weight: 2 }, 'c:3']));
    const b = pool.get('b:2');
    pool.update('a:1', { paused: true });
    const report = pool.load(JSON.stringify(['a:1', { url: 'b:2', tags: ['fast'] }, 'd:4']), {
      replaces: first.added,
    });
    expect(report).toEqual({ added: ['d:4'], updated: ['b:2'], removed: ['c:3'], kept: ['a:1'], problems: [] });
    expect(ids(pool)).toEqual(['mine:1', 'a:1', 'b:2', 'd:4']);
    expect(pool.get('b:2')).toBe(b);
    expect([b?.weight, b?.tags, pool.get('a:1')?.paused]).toEqual([1, ['fast'], true]);
  });

  test('and if nothing in it can be read, nothing is removed', () => {
    const pool = new ProxyPool();
    const { added } = pool.load('a:1\nb:2');
    expect(pool.load('<html>503</html>', { replaces: added }).removed).toEqual([]);
    expect(ids(pool)).toEqual(['a:1', 'b:2']);
  });
});

describe('a list is followed', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  test('in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mulligan-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'proxies.txt');
    await writeFile(path, 'a:1\nb:2\n');
    const world = virtualWorld();
    const pool = new ProxyPool({ world });
    let loaded: (report: LoadReport) => void = () => {};
    const watched = await watchProxies(pool, path, { world, onLoad: (report) => loaded(report) });
    cleanups.push(() => watched.close());
    expect(ids(pool)).toEqual(['a:1', 'b:2']);
    expect(await watched.refresh()).toBeUndefined();
    await writeFile(path, 'b:2\nc:3\n');
    await utimes(path, 2_000_000_000, 2_000_000_000);
    const news = new Promise<LoadReport>((resolve) => (loaded = resolve));
    await world.advance('2s');
    expect(await news).toMatchObject({ added: ['c:3'], removed: ['a:1'] });
    expect(ids(pool)).toEqual(['b:2', 'c:3']);
  });

  test('at a URL, which is asked for news only, and whose failure changes nothing', async () => {
    let answer = { status: 200, etag: '"1"', body: 'a:1\n' };
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers['if-none-match']);
      const isKnown = request.headers['if-none-match'] === answer.etag;
      response.writeHead(isKnown ? 304 : answer.status, { etag: answer.etag }).end(isKnown ? undefined : answer.body);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    const pool = new ProxyPool();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
    const watched = await watchProxies(pool, url, { interval: Number.POSITIVE_INFINITY });
    expect(await watched.refresh()).toBeUndefined();
    answer = { status: 200, etag: '"2"', body: 'a:1\nb:2\n' };
    expect(await watched.refresh()).toMatchObject({ added: ['b:2'], kept: ['a:1'] });
    answer = { status: 500, etag: '"3"', body: 'broken' };
    await expect(watched.refresh()).rejects.toThrow(/answered 500/);
    expect([ids(pool), asked]).toEqual([
      ['a:1', 'b:2'],
      [undefined, '"1"', '"1"', '"2"'],
    ]);
  });

  test('that cannot be had is an error the first time, and later a message', async () => {
    await expect(watchProxies(new ProxyPool(), '/nowhere/proxies.txt')).rejects.toThrow(/ENOENT/);
  });
});
