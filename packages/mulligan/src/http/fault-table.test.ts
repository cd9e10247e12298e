import { createServer as createRawServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { listening } from '../../../../test/support/listening.ts';
import { categorize, type ErrorCategory, systemWorld, type World } from '../kernel/index.ts';
import { exponential, ledgerOf } from '../retry/index.ts';
import { recorder } from '../testing/index.ts';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { createFetch } from './fetch.ts';
import type { FetchOptions } from './options.ts';
import { createRetrySession } from './session/retry-session.ts';
import { HttpStatusError } from './session/status-error.ts';

/** Waits are of a second or more: they pass at once, and the clock jumps. Time limits are shorter, and real. */
function hurriedWorld(): World {
  let skippedMs = 0;
  return {
    ...systemWorld,
    now: () => systemWorld.now() + skippedMs,
    setTimer(callback, delayMs) {
      const skip = (): void => {
        skippedMs += delayMs;
        callback();
      };
      return delayMs < 1000 ? systemWorld.setTimer(callback, delayMs) : systemWorld.setTimer(skip, 0);
    },
  };
}

/** What comes of a fault that stays. */
interface Course {
  /** How many requests a GET and a POST are. */
  readonly get: number;
  readonly post: number;
  /** Between the requests of the GET, in seconds. */
  readonly waits: readonly number[];
  /** What the caller gets: a status, or the name of an error. */
  readonly end: number | string;
}

const waits = [1, 2];
/** It may have been processed: only what is idempotent is repeated. */
const broken: Course = { get: 3, post: 1, waits, end: 'TypeError' };
/** What is no HTTP is asked for once more. */
const garbled: Course = { ...broken, get: 2, waits: [1] };
const late: Course = { ...broken, end: 'TimeoutError' };
const failed = (end: number): Course => ({ ...broken, end });
/** It cannot have been processed: everything is repeated. */
const unsent: Course = { get: 3, post: 3, waits, end: 'TypeError' };
const sentBack = (end: number, seconds: readonly number[] = waits): Course => ({
  get: 3,
  post: 3,
  waits: seconds,
  end,
});
/** Another attempt cannot help. */
const hopeless: Course = { get: 1, post: 1, waits: [], end: 'TypeError' };
const final = (end: number): Course => ({ ...hopeless, end });

const raw =
  (text: string, then: 'end' | 'resetAndDestroy' | 'pause' = 'end'): Answer =>
  ({ socket }) =>
    void socket?.write(text, () => socket[then]());
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end('no');
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const zipped =
  (bytes: Buffer, length = bytes.length): Answer =>
  (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': length });
    if (bytes.length === length) response.end(bytes);
    else response.write(bytes, () => response.socket?.end());
  };
const text = gzipSync('a text that is long enough to be cut '.repeat(20));
const inHalfAMinute = { date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT' };

/** A listener below HTTP. */
async function rawListener(accept: (socket: Socket) => unknown, scheme = 'http'): Promise<URL> {
  const server = createRawServer((socket) => void accept(socket.on('error', () => {})));
  const listener = await listening(server);
  afterAll(() => listener.close());
  return new URL(`${scheme}://127.0.0.1:${listener.port}/`);
}

async function tlsListener(host: string): Promise<URL> {
  const { cert, key } = createCertificates([host], Date.now());
  const server = createTlsServer({ cert, key }, (socket) => socket.on('error', () => {}).end());
  const listener = await listening(server.on('tlsClientError', () => {}));
  afterAll(() => listener.close());
  return new URL(`https://127.0.0.1:${listener.port}/`);
}

async function closedPort(): Promise<URL> {
  const listener = await listening(createRawServer());
  await listener.close();
  return new URL(`http://127.0.0.1:${listener.port}/`);
}

/** Something that goes wrong, where, what kind of failure it is, and what comes of it. */
const rows: readonly [fault: string, at: Answer | URL, category: ErrorCategory, course: Course][] = [
  // The connection.
  ['nobody listens', await closedPort(), 'connect', unsent],
  ['no such name', new URL('http://nobody.invalid/'), 'dns', unsent],
  ['reset when accepted', await rawListener((socket) => socket.resetAndDestroy()), 'reset', broken],
  [
    'TLS: a server that speaks none',
    await rawListener((s) => s.end('HTTP/1.1 400 \r\n\r\n'), 'https'),
    'tls',
    hopeless,
  ],
  ['TLS: a certificate that nobody trusts', await tlsListener('127.0.0.1'), 'tls', hopeless],
  ['TLS: reset in the handshake', await rawListener((s) => s.resetAndDestroy(), 'https'), 'reset', broken],
  // The headers.
  ['closed before the headers', ({ socket }) => void socket?.destroy(), 'reset', broken],
  ['reset before the headers', ({ socket }) => void socket?.resetAndDestroy(), 'reset', broken],
  ['closed during the headers', raw('HTTP/1.1 200 OK\r\nContent-Le'), 'reset', broken],
  ['reset during the headers', raw('HTTP/1.1 200 OK\r\nContent-Le', 'resetAndDestroy'), 'reset', broken],
  ['garbage', raw('what is it that you want?\r\n\r\n', 'pause'), 'protocol', garbled],
  ['a header that is none', raw('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', 'pause'), 'protocol', garbled],
  ['headers without an end', raw(`${head}X: ${'x'.repeat(40_000)}`, 'pause'), 'invalid', hopeless],
  ['slow headers', () => {}, 'timeout', late],
  ['headers that stop half-way', raw(head, 'pause'), 'timeout', late],
  // The body, which is read within the attempt.
  ['closed after the headers', raw(`${head}Content-Length: 9\r\n\r\n`), 'reset', broken],
  ['reset after the headers', raw(`${head}Content-Length: 9\r\n\r\n`, 'resetAndDestroy'), 'reset', broken],
  ['truncated by length', raw(`${head}Content-Length: 9\r\n\r\nhal`), 'reset', broken],
  ['truncated by chunk', raw(`${chunked}3\r\nhal\r\n`), 'reset', broken],
  ['truncated within a chunk', raw(`${chunked}9\r\nhal`), 'reset', broken],
  ['reset within a chunk', raw(`${chunked}9\r\nhal`, 'resetAndDestroy'), 'reset', broken],
  ['chunks that are none', raw(`${chunked}what?\r\n`, 'pause'), 'protocol', garbled],
  ['truncated while zipped', zipped(text.subarray(0, 30), text.length), 'reset', broken],
  ['zipped wrongly', zipped(Buffer.from('this is not gzip')), 'protocol', garbled],
  ['slow body', raw(`${head}Content-Length: 9\r\n\r\nhal`, 'pause'), 'timeout', late],
  // The status.
  ['408', status(408), 'http', sentBack(408)],
  ['425', status(425), 'http', sentBack(425)],
  ['429', status(429), 'rate-limit', sentBack(429)],
  ['429 that asks for 30 s', status(429, { 'retry-after': '30' }), 'rate-limit', sentBack(429, [30, 30])],
  ['429 that asks for 2500 ms', status(429, { 'retry-after-ms': '2500' }), 'rate-limit', sentBack(429, [2.5, 2.5])],
  ['429 that names a date', status(429, inHalfAMinute), 'rate-limit', sentBack(429, [30, 30])],
  ['429 that asks for an hour', status(429, { 'retry-after': '3600' }), 'rate-limit', final(429)],
  ['500', status(500), 'http', failed(500)],
  ['502', status(502), 'http', failed(502)],
  ['503', status(503), 'http', failed(503)],
  ['503 that asks for 7 s', status(503, { 'retry-after': '7' }), 'http', sentBack(503, [7, 7])],
  ['504', status(504), 'http', failed(504)],
  ['500 that says no', status(500, { 'x-should-retry': 'false' }), 'http', final(500)],
  ['501', status(501), 'http', final(501)],
  ['401', status(401), 'auth', final(401)],
];

const retry = { attempts: 3, backoff: exponential({ initial: '1s', jitter: 'none' }) };

/** Sends a request, and tells what came of it. */
async function ask(url: URL | string, { method = 'GET', ...options }: FetchOptions & { method?: string }) {
  const events = recorder();
  let requests = 0;
  const { fetch: wrapped = globalThis.fetch } = options;
  const fetch = createFetch({
    retry,
    buffer: true,
    hintJitter: 0,
    world: hurriedWorld(),
    onEvent: events,
    ...options,
    fetch: (...args) => (requests++, wrapped(...args)),
  });
  const outcome: unknown = await fetch(url, { method }).catch((error: unknown) => error);
  const error = outcome instanceof Response && !outcome.ok ? new HttpStatusError(outcome) : outcome;
  return {
    requests,
    waits: events.waitsMs.map((waitMs) => waitMs / 1000),
    category: categorize(error),
    end: outcome instanceof Response ? outcome.status : (outcome as Error).name,
    attempts: ledgerOf(outcome)?.attempts ?? 1,
  };
}

describe.concurrent.each(rows)('%s', (_fault, at, category, { get, post, waits: wanted, end }) => {
  const limit = category === 'timeout' ? { attemptTimeout: 500 } : {};
  const serve = (work: (url: URL | string, seen: () => number) => Promise<void>): Promise<void> =>
    at instanceof URL
      ? work(at, () => 0)
      : withFaultServer(at, (server) => work(server.url, () => server.requests.length));

  test(`a GET is ${get} requests and ends with ${end}; a POST is ${post}`, async () => {
    await serve(async (url, seen) => {
      expect(await ask(url, limit)).toEqual({ requests: get, waits: wanted, category, end, attempts: get });
      expect(seen()).toBe(at instanceof URL ? 0 : get);
      expect(await ask(url, { ...limit, method: 'POST' })).toMatchObject({ requests: post, category, end });
      expect(seen()).toBe(at instanceof URL ? 0 : get + post);
    });
  });

  if (at instanceof URL || get === 1) return;
  test('once only: the GET succeeds at the second request', async () => {
    const once: Answer = (...args) => (args[2] === 1 ? at(...args) : void args[0].end('fine'));
    await withFaultServer(once, async ({ url, requests }) => {
      expect(await ask(url, limit)).toMatchObject({ requests: 2, waits: wanted.slice(0, 1), end: 200 });
      expect(requests).toHaveLength(2);
    });
  });
});

/** What no server can bring about at will: the codes as the platform's `fetch` throws them. */
const codes: readonly [codes: string, category: ErrorCategory, get: number, post: number][] = [
  ['ECONNREFUSED EHOSTUNREACH ENETUNREACH ENETDOWN EHOSTDOWN', 'connect', 3, 3],
  ['EADDRNOTAVAIL EMFILE ENFILE UND_ERR_PRX_TLS', 'connect', 3, 3],
  ['ENOTFOUND EAI_AGAIN EAI_FAIL ESERVFAIL ETIMEOUT', 'dns', 3, 3],
  ['ENODATA', 'dns', 1, 1],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 3, 3],
  ['ETIMEDOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT', 'timeout', 3, 1],
  ['ECONNRESET UND_ERR_SOCKET EPIPE ECONNABORTED UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'reset', 3, 1],
  ['HPE_INVALID_CONSTANT Z_DATA_ERROR Z_BUF_ERROR', 'protocol', 2, 1],
  ['UND_ERR_ABORTED UND_ERR_ABORT', 'abort', 1, 1],
  ['UND_ERR_DESTROYED UND_ERR_CLOSED UND_ERR_INFO', 'invalid', 1, 1],
  ['UND_ERR_INVALID_ARG UND_ERR_INVALID_RETURN_VALUE UND_ERR_NOT_SUPPORTED', 'invalid', 1, 1],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_HEADERS_OVERFLOW UND_ERR_RES_EXCEEDED_MAX_SIZE', 'invalid', 1, 1],
  ['UND_ERR_MAX_ORIGINS_REACHED UND_ERR_BPL_MISSING_UPSTREAM UND_ERR_WS_MESSAGE_SIZE_EXCEEDED', 'invalid', 1, 1],
  ['ERR_INVALID_URL', 'invalid', 1, 1],
  ['DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 1, 1],
  ['CERT_HAS_EXPIRED CERT_REVOKED ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER EPROTO', 'tls', 1, 1],
];

test.each(codes)('%s: %s', async (names, category, get, post) => {
  for (const code of names.split(' ')) {
    const fetch = (): Promise<Response> =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));
    const url = 'http://a.test/';
    expect(await ask(url, { fetch }), code).toMatchObject({ requests: get, category, end: 'TypeError' });
    expect(await ask(url, { fetch, method: 'POST' }), code).toMatchObject({ requests: post, category });
  }
});

test.each([
  ['a port that fetch does not use', 'http://127.0.0.1:1/', {}],
  ['no HTTP', 'gopher://127.0.0.1/', {}],
  ['a redirect that is not wanted', '', { redirect: 'error' }],
  ['redirects without an end', '', {}],
  ['a stream without duplex', '', { method: 'POST', body: new Blob(['text']).stream() }],
] as const)('a mistake of the caller is made once: %s', async (_what, address, init) => {
  await withFaultServer(status(302, { location: '/' }), async (server) => {
    let sent = 0;
    const fetch = createFetch({ fetch: (...args) => (sent++, globalThis.fetch(...args)), retry });
    await expect(fetch(address || server.url, init as RequestInit)).rejects.toThrow(TypeError);
    expect(sent).toBe(1);
  });
});

test('a persistent 503 with 8 retries is exactly 9 requests, with the waits of the seed', async () => {
  await withFaultServer(status(503), async ({ url, requests }) => {
    const events = recorder();
    const world = { ...hurriedWorld(), random: () => 0.5 };
    const session = createRetrySession({ retries: 8, backoffFactor: 1.5 }, '0.9s', { world, onEvent: events });
    expect((await session.get(url)).status).toBe(503);
    expect(requests).toHaveLength(9);
    expect(events.waitsMs).toEqual([2000, 3500, 6500, 12_500, 24_500, 48_500, 60_000, 60_000]);
  });
});
