import assert from 'node:assert/strict';
import { sleep, systemWorld } from '../../kernel/index.ts';
import { withFaultServer } from './fault-server.ts';

/** One promise that a resilient `fetch` should keep. */
export interface FetchCase {
  /** Stable, for reports and for leaving a case out. */
  readonly id: string;
  /** The promise, as a sentence. */
  readonly title: string;
  /** Throws an `AssertionError` when the promise is broken. */
  readonly check: (fetch: typeof globalThis.fetch) => Promise<void>;
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('the call succeeded, although it had to fail'),
    (error: unknown) => error,
  );
}

/** The promises, each against a real server. */
export const fetchCases: readonly FetchCase[] = [
  {
    id: 'retries-503',
    title: 'a GET that is answered 503 once succeeds',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(n === 1 ? 503 : 200).end(`answer ${n}`),
        async (server) => {
          const response = await fetch(server.url);
          assert.equal(response.status, 200);
          assert.equal(await response.text(), 'answer 2');
        },
      ),
  },
  {
    id: 'retries-reset',
    title: 'a GET whose connection is reset once succeeds',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void (n === 1 ? response.socket?.resetAndDestroy() : response.end('fine')),
        async (server) => assert.equal(await (await fetch(server.url)).text(), 'fine'),
      ),
  },
  {
    id: 'leaves-404-alone',
    title: 'a 404 is returned at once and asked for once',
    check: (fetch) =>
      withFaultServer(
        (response) => void response.writeHead(404).end('nothing here'),
        async (server) => {
          assert.equal((await fetch(server.url)).status, 404);
          assert.equal(server.requests.length, 1);
        },
      ),
  },
  {
    id: 'post-once',
    title: 'a POST whose connection breaks is not sent a second time without a key',
    check: (fetch) =>
      withFaultServer(
        (response) => void response.socket?.resetAndDestroy(),
        async (server) => {
          await rejection(fetch(server.url, { method: 'POST', body: 'pay 5 euros' }));
          const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
          const isKeyed = keys[0] !== undefined && new Set(keys).size === 1;
          assert.ok(server.requests.length === 1 || isKeyed, `the server saw ${server.requests.length} POSTs`);
        },
      ),
  },
  {
    id: 'replays-body',
    title: 'a body that can be replayed arrives whole at the second attempt',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(n === 1 ? 503 : 200).end(),
        async (server) => {
          await fetch(server.url, { method: 'PUT', body: 'the whole text' });
          assert.deepEqual(
            server.requests.map(({ body }) => body),
            ['the whole text', 'the whole text'],
          );
        },
      ),
  },
  {
    id: 'no-empty-stream',
    title: 'a body that can be read only once is never sent a second time empty',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(n === 1 ? 503 : 200).end(),
        async (server) => {
          const body = new Blob(['the whole text']).stream();
          const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
          await fetch(server.url, init).catch(() => undefined);
          for (const request of server.requests) assert.equal(request.body, 'the whole text');
        },
      ),
  },
  {
    id: 'never-early',
    title: 'a Retry-After of one second is never answered earlier',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(n === 1 ? 429 : 200, { 'retry-after': '1' }).end(),
        async (server) => {
          await fetch(server.url);
          const [first, second] = server.requests;
          // A retry is not owed; being early is what is wrong. The platform's clocks agree to a millisecond or two.
          if (first !== undefined && second !== undefined)
            assert.ok(second.at - first.at >= 995, 'the retry came early');
        },
      ),
  },
  {
    id: 'last-response',
    title: 'when the retries are used up, the last response can be read, or is on the error',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(503).end(`why ${n}`),
        async (server) => {
          const end: unknown = await fetch(server.url).catch((error: unknown) => error);
          const response = end instanceof Response ? end : (end as { response?: unknown }).response;
          assert.ok(response instanceof Response, 'there is no response to read');
          assert.equal(await response.text(), `why ${server.requests.length}`);
        },
      ),
  },
  {
    id: 'abort-ends-wait',
    title: 'an abort during a wait ends the call with its reason and without another request',
    check: (fetch) =>
      withFaultServer(
        (response) => void response.writeHead(503, { 'retry-after': '5' }).end(),
        async (server) => {
          const controller = new AbortController();
          const reason = new Error('enough');
          const call = fetch(server.url, { signal: controller.signal });
          // Well within the five seconds that the server asks for.
          await Promise.race([sleep(systemWorld, 200), call]);
          const abortedAt = systemWorld.now();
          controller.abort(reason);
          assert.equal(await rejection(call), reason);
          assert.ok(systemWorld.now() - abortedAt < 1000, 'the call went on after the abort');
          assert.equal(server.requests.length, 1);
        },
      ),
  },
  {
    id: 'truncation-is-an-error',
    title: 'a body that ends too early is an error, not a short success',
    check: (fetch) =>
      withFaultServer(
        (response) => {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('only the beginning', () => response.socket?.destroy());
        },
        async (server) => {
          await rejection(fetch(server.url).then((response) => response.text()));
        },
      ),
  },
  {
    id: 'no-pinned-sockets',
    title: 'failed responses leave no connection behind that nobody reads',
    check: (fetch) =>
      withFaultServer(
        (response, _request, n) => void response.writeHead(n % 2 === 1 ? 503 : 200).end('x'.repeat(1_000_000)),
        async (server) => {
          for (let call = 0; call < 5; call++) await (await fetch(server.url)).text();
          assert.ok(server.connections <= server.requests.length, 'connections were opened for nothing');
          assert.equal(server.requests.length, 10);
        },
      ),
  },
];
