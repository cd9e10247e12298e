import { Readable, Writable } from 'node:stream';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { Agent, Client, type Dispatcher, fetch, request, stream, upgrade } from 'undici';
import { describe, expect, test } from 'vitest';
import { systemWorld, type World } from '../../kernel/index.ts';
import { constant, ledgerOf } from '../../retry/index.ts';
import { recorder } from '../../testing/index.ts';
import { type InterceptorOptions, retryInterceptor } from './index.ts';

const hasty: World = { ...systemWorld, setTimer: (callback) => systemWorld.setTimer(callback, 0) };

/** Makes requests under the interceptor and leaves no connection behind. */
async function withAgent<T>(options: InterceptorOptions, work: (dispatcher: Dispatcher) => Promise<T>): Promise<T> {
  const agent = new Agent();
  try {
    return await work(agent.compose(retryInterceptor({ world: hasty, ...options })));
  } finally {
    await agent.destroy();
  }
}

const failTwice =
  (answer: Answer): Answer =>
  (response, seen, n) =>
    n < 3 ? answer(response, seen, n) : void response.writeHead(200, { 'x-a': ['b', 'c'] }).end('fine');
const busy: Answer = (response) => void response.writeHead(503).end('busy');
const reset: Answer = ({ socket }) => void socket?.resetAndDestroy();

describe('request', () => {
  test.each([
    ['statuses', busy],
    ['connections that break', reset],
  ])('survives %s', async (_what, answer) => {
    await withFaultServer(failTwice(answer), (server) =>
      withAgent({}, async (dispatcher) => {
        const { statusCode, headers, body } = await request(server.url, { dispatcher });
        expect([statusCode, await body.text(), headers['x-a']]).toEqual([200, 'fine', ['b', 'c']]);
        expect(server.requests).toHaveLength(3);
      }),
    );
  });

  test('gets the last response, with its body, when retrying is given up', async () => {
    await withFaultServer(
      (response, _seen, n) => void response.writeHead(503, 'Busy').end(`busy ${n}`),
      (server) =>
        withAgent({ retry: 9 }, async (dispatcher) => {
          const { statusCode, statusText, body } = await request(server.url, { dispatcher });
          expect([statusCode, statusText, await body.text()]).toEqual([503, 'Busy', 'busy 9']);
          expect(server.requests).toHaveLength(9);
        }),
    );
  });

  test('gets the last error, with the ledger of the call', async () => {
    await withFaultServer(reset, (server) =>
      withAgent({ retry: 4 }, async (dispatcher) => {
        const error: unknown = await request(server.url, { dispatcher }).catch((reason: unknown) => reason);
        expect(ledgerOf(error)).toMatchObject({ attempts: 4, reason: 'attempts' });
        expect(server.requests).toHaveLength(4);
      }),
    );
  });

  test('does not repeat a POST, unless it has a key', async () => {
    await withFaultServer(failTwice(busy), (server) =>
      withAgent({}, async (dispatcher) => {
        const post = { dispatcher, method: 'POST', body: 'pay' } as const;
        expect((await request(server.url, post)).statusCode).toBe(503);
        expect(server.requests).toHaveLength(1);
        for (const headers of [
          { 'Idempotency-Key': 'mine' },
          ['Idempotency-Key', 'mine'],
          new Map([['Idempotency-Key', 'mine']]),
        ]) {
          server.requests.length = 0;
          expect((await request(server.url, { ...post, headers: headers as string[] })).statusCode).toBe(200);
          expect(server.requests.map(({ body, headers: seen }) => [body, seen['idempotency-key']])).toEqual([
            ['pay', 'mine'],
            ['pay', 'mine'],
            ['pay', 'mine'],
          ]);
        }
      }),
    );
  });

  test('makes one key for all attempts when keys are wanted', async () => {
    await withFaultServer(failTwice(busy), (server) =>
      withAgent({ idempotencyKey: true }, async (dispatcher) => {
        const headers = { 'x-a': 'b' };
        expect((await request(server.url, { dispatcher, method: 'POST', headers })).statusCode).toBe(200);
        const keys = server.requests.map(({ headers: seen }) => [seen['idempotency-key'], seen['x-a']]);
        expect(keys).toEqual(Array.from({ length: 3 }, () => [keys[0]?.[0], 'b']));
        expect(keys[0]?.[0]).toMatch(/^"[-\da-f]{36}"$/);
      }),
    );
  });

  test('sends a stream once, and again only where it is kept', async () => {
    const put = { method: 'PUT' } as const;
    await withFaultServer(failTwice(busy), (server) =>
      withAgent({}, async (dispatcher) => {
        expect((await request(server.url, { ...put, dispatcher, body: Readable.from(['text']) })).statusCode).toBe(503);
        expect(server.requests.map(({ body }) => body)).toEqual(['text']);
      }),
    );
    await withFaultServer(failTwice(busy), (server) =>
      withAgent({ spool: 1000 }, async (dispatcher) => {
        expect((await request(server.url, { ...put, dispatcher, body: Readable.from(['text']) })).statusCode).toBe(200);
        expect(server.requests.map(({ body }) => body)).toEqual(['text', 'text', 'text']);
      }),
    );
  });

  test('waits as long as the server asks for', async () => {
    const events = recorder();
    await withFaultServer(
      failTwice((response) => void response.writeHead(429, { 'retry-after': '7' }).end()),
      (server) =>
        withAgent({ onEvent: events, hintJitter: 0, hold: false }, (dispatcher) => request(server.url, { dispatcher })),
    );
    expect(events.waitsMs).toEqual([7000, 7000]);
  });
});

describe('time and aborts', () => {
  const silent: Answer = () => {};

  test('an attempt that takes too long is ended and tried again', async () => {
    await withFaultServer(failTwice(silent), (server) =>
      withAgent(
        { world: systemWorld, attemptTimeout: 500, retry: { attempts: 9, backoff: constant(1) } },
        async (dispatcher) => {
          expect((await request(server.url, { dispatcher })).statusCode).toBe(200);
        },
      ),
    );
  });

  test('an abort ends an attempt, a wait, and the reading of a body, with its reason', async () => {
    const endless: Answer = (response) => void response.writeHead(200).write('and then');
    const waiting: Answer = (response) => void response.writeHead(503, { 'retry-after': '30' }).end();
    for (const answer of [silent, waiting, endless]) {
      await withFaultServer(answer, (server) =>
        withAgent({ world: systemWorld }, async (dispatcher) => {
          const controller = new AbortController();
          const reason = new Error('enough');
          const { signal } = controller;
          const call = request(server.url, { dispatcher, signal }).then(({ body }) => body.text());
          const error = call.catch((caught: unknown) => caught);
          while (server.requests.length === 0) await new Promise((resolve) => void setImmediate(resolve));
          controller.abort(reason);
          expect(await error).toBe(reason);
          expect(server.requests).toHaveLength(1);
        }),
      );
    }
  });

  test('an abort at the very moment of the response is heard once', async () => {
    await withFaultServer(
      (response) => void response.end('fine'),
      (server) =>
        withAgent({}, async (dispatcher) => {
          const reason = new Error('enough');
          const heard: unknown[] = [];
          await new Promise<void>((resolve) => {
            const handler: Dispatcher.DispatchHandler = {
              onRequestStart() {},
              onResponseStart: (controller) => controller.abort(reason),
              onResponseError(_controller, error) {
                heard.push(error);
                setImmediate(resolve);
              },
            };
            dispatcher.dispatch({ origin: server.url.slice(0, -1), path: '/', method: 'GET' }, handler);
          });
          expect(heard).toEqual([reason]);
          expect(server.requests).toHaveLength(1);
        }),
    );
  });

  test("a body that breaks off is the reader's error: nothing is sent again", async () => {
    const cut: Answer = (response) => {
      response.writeHead(200, { 'content-length': '99' }).write('the beginning', () => response.socket?.destroy());
    };
    await withFaultServer(cut, (server) =>
      withAgent({}, async (dispatcher) => {
        const { body } = await request(server.url, { dispatcher });
        await expect(body.text()).rejects.toThrow('other side closed');
        expect(server.requests).toHaveLength(1);
      }),
    );
  });
});

describe('what else undici offers', () => {
  test('fetch and stream of the same undici', async () => {
    await withFaultServer(failTwice(busy), (server) =>
      withAgent({}, async (dispatcher) => {
        expect(await (await fetch(server.url, { dispatcher })).text()).toBe('fine');
        server.requests.length = 0;
        const chunks: string[] = [];
        const sink = new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk))) });
        await stream(server.url, { method: 'GET', dispatcher }, () => sink);
        expect(chunks).toEqual(['fine']);
        expect(server.requests).toHaveLength(3);
      }),
    );
  });

  test('a Client, which knows its origin itself; and bodies with pauses', async () => {
    const large = 'x'.repeat(3_000_000);
    await withFaultServer(
      (response, _seen, n) => void response.writeHead(n === 1 ? 500 : 200).end(n === 1 ? large : large),
      async (server) => {
        const client = new Client(server.url);
        const composed = client.compose(retryInterceptor({ world: hasty }));
        const { body } = await composed.request({ method: 'GET', path: '/' });
        let length = 0;
        for await (const chunk of body) {
          length += (chunk as Buffer).length;
          await new Promise((resolve) => void setImmediate(resolve));
        }
        expect(length).toBe(large.length);
        expect(server.requests).toHaveLength(2);
        await client.destroy();
      },
    );
  });

  test('an upgrade passes untouched', async () => {
    await withFaultServer(busy, (server) =>
      withAgent({}, async (dispatcher) => {
        await expect(upgrade(server.url, { dispatcher, protocol: 'x' })).rejects.toThrow('bad upgrade');
        expect(server.requests).toHaveLength(1);
      }),
    );
  });
});
