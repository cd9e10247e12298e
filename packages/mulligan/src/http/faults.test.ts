import { describe, expect, test } from 'vitest';
import { systemWorld, type World } from '../kernel/index.ts';
import { constant, ledgerOf } from '../retry/index.ts';
import { type Answer, checkFetch, withFaultServer } from 'mulligan/testing/conformance';
import { createFetch } from './fetch.ts';
import type { FetchOptions } from './options.ts';

/** Waits pass at once. Not for tests with time limits, which are timers as well. */
const hasty: World = { ...systemWorld, setTimer: (callback) => systemWorld.setTimer(callback, 0) };

test('a POST whose connection breaks is sent once, unless it has a key', async () => {
  await withFaultServer(
    ({ socket }) => void socket?.resetAndDestroy(),
    async (server) => {
      const init = { method: 'POST', body: 'pay' };
      await expect(createFetch({ world: hasty })(server.url, init)).rejects.toThrow('fetch failed');
      expect(server.requests).toHaveLength(1);
      await expect(createFetch({ world: hasty, idempotencyKey: true })(server.url, init)).rejects.toThrow(
        'fetch failed',
      );
      expect(server.requests).toHaveLength(4);
      const keys = server.requests.slice(1).map(({ headers }) => headers['idempotency-key']);
      expect(new Set(keys).size).toBe(1);
    },
  );
});

test('the total time ends a call whose server does not answer', async () => {
  await withFaultServer(
    () => {},
    async (server) => {
      const error: unknown = await createFetch({ timeout: 100 })(server.url).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'call' });
      expect(ledgerOf(error)).toMatchObject({ attempts: 1, reason: 'deadline' });
    },
  );
});

test('failed responses give their connections back', async () => {
  const answer: Answer = (response, _request, n) =>
    void response.writeHead(n % 5 === 0 ? 200 : 503).end('x'.repeat(50_000));
  await withFaultServer(answer, async (server) => {
    const fetch = createFetch({ retry: { attempts: 5, backoff: constant(20) } });
    for (let i = 0; i < 4; i++) await (await fetch(server.url)).text();
    expect(server.requests).toHaveLength(20);
    // The platform opens a second one on its own. Cancelled in place of read, nearly every response would cost one.
    expect(server.connections).toBeLessThan(5);
  });
});

describe('a body that ends too early', () => {
  const cut =
    (headers: Record<string, string>): Answer =>
    (response) => {
      response.writeHead(200, headers).write('the beginning', () => response.socket?.destroy());
    };

  test.each([
    ['by its length', { 'content-length': '1000' }],
    ['by its chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s is an error where it is read, never a short success', async (_how, headers) => {
    await withFaultServer(cut(headers), async (server) => {
      const response = await createFetch({ world: hasty })(server.url);
      await expect(response.text()).rejects.toBeInstanceOf(TypeError);
      expect(server.requests).toHaveLength(1);
    });
  });
});

describe('bodies of requests', () => {
  const failTwice: Answer = (response, _request, n) => void response.writeHead(n < 3 ? 503 : 200).end();
  const send = (init: object, options: FetchOptions = {}) =>
    withFaultServer(failTwice, async (server) => {
      const fetch = createFetch({ world: hasty, ...options });
      const response = await fetch(server.url, { method: 'PUT', ...init });
      return { status: response.status, bodies: server.requests.map(({ body }) => body), requests: server.requests };
    });

  test('all kinds that can be read again arrive whole each time', async () => {
    const bytes = new TextEncoder().encode('text');
    for (const body of ['text', bytes, bytes.buffer, new Blob(['text']), () => 'text', async () => bytes]) {
      expect(await send({ body })).toMatchObject({ status: 200, bodies: ['text', 'text', 'text'] });
    }
    expect(await send({ body: new URLSearchParams({ a: 'b c' }) })).toMatchObject({
      bodies: ['a=b+c', 'a=b+c', 'a=b+c'],
    });
    const form = new FormData();
    form.set('file', new Blob(['content']), 'name.txt');
    const { bodies } = await send({ body: form });
    expect(bodies.filter((body) => body.includes('content') && body.includes('name.txt'))).toHaveLength(3);
  });

  test('a function may make a stream', async () => {
    const body = (): ReadableStream => new Blob(['text']).stream();
    expect(await send({ body })).toMatchObject({ status: 200, bodies: ['text', 'text', 'text'] });
  });

  test('a stream is sent once', async () => {
    const body = new Blob(['text']).stream();
    expect(await send({ body, duplex: 'half' })).toMatchObject({ status: 503, bodies: ['text'] });
  });

  test('a stream that is kept is sent again, up to the limit', async () => {
    const body = (): ReadableStream => new Blob(['text']).stream();
    const kept = await send({ body: body(), duplex: 'half' }, { spool: 4 });
    expect(kept).toMatchObject({ status: 200, bodies: ['text', 'text', 'text'] });
    const tooLarge = await send({ body: body(), duplex: 'half' }, { spool: 3 });
    expect(tooLarge).toMatchObject({ status: 503, bodies: ['text'] });
  });

  test('the body of a Request is sent again with its length, and the Request is used up as fetch would', async () => {
    await withFaultServer(failTwice, async (server) => {
      const request = new Request(server.url, { method: 'PUT', body: 'text', headers: { 'x-a': 'b' } });
      expect((await createFetch({ world: hasty })(request)).status).toBe(200);
      expect(request.bodyUsed).toBe(true);
      for (const { body, headers } of server.requests) {
        expect([body, headers['content-length'], headers['x-a']]).toEqual(['text', '4', 'b']);
      }
      expect(server.requests).toHaveLength(3);
      await expect(createFetch({ world: hasty })(request)).rejects.toThrow(TypeError);
    });
  });

  test('init wins over the Request, as with fetch', async () => {
    await withFaultServer(failTwice, async (server) => {
      const request = new Request(server.url, { method: 'POST', body: 'old' });
      const init = { method: 'PUT', body: 'new', headers: { 'x-a': 'c' } };
      expect((await createFetch({ world: hasty })(request, init)).status).toBe(200);
      const seen = server.requests.map(({ method, body, headers }) => [method, body, headers['x-a']]);
      expect(seen).toEqual(Array.from({ length: 3 }, () => ['PUT', 'new', 'c']));
    });
  });
});

test('every promise of the conformance kit is kept', async () => {
  const fetch = createFetch({ retry: { attempts: 3, backoff: constant(10) }, timeout: '30s', attemptTimeout: '10s' });
  const results = await checkFetch(fetch);
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
}, 30_000);
