import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createCertificates } from '../../../../../test/support/certificates.ts';
import { type Listening, listening } from '../../../../../test/support/listening.ts';
import { startWorkingProxy, type WorkingProxy } from '../../../../../test/support/working-proxy.ts';
import { categorize } from '../../kernel/index.ts';
import { constant, ledgerOf } from '../../retry/index.ts';
import { createFetch } from '../fetch.ts';
import { createSession } from '../session/session.ts';
import { getRetrySession } from '../session/retry-session.ts';
import { proxyFetch } from './proxy-fetch.ts';

let proxy: WorkingProxy;
let plain: Listening;
let secure: Listening;
let ca: string;
let certificates: { readonly cert: string; readonly key: string };
/** What reached the servers. */
const arrived: (string | undefined)[] = [];

beforeAll(async () => {
  const { ca: authority, cert, key } = createCertificates(['127.0.0.1', 'localhost'], Date.now());
  const answer: Parameters<typeof createServer>[1] = ({ url, headers }, response) => {
    arrived.push(headers['proxy-authorization']);
    if (url === '/away') response.writeHead(302, { location: `https://127.0.0.1:${secure.port}/there` }).end();
    else response.end(`${url} at ${headers.host} for ${String(headers['x-who'])}`);
  };
  ca = authority;
  certificates = { cert, key };
  proxy = await startWorkingProxy();
  plain = await listening(createServer(answer));
  secure = await listening(createHttpsServer({ cert, key }, answer));
});
afterAll(async () => {
  for (const listener of [proxy, plain, secure]) await listener.close();
});
afterEach(() => {
  arrived.length = 0;
  (proxy.seen as unknown[]).length = 0;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const http = (path = '/'): string => `http://127.0.0.1:${plain.port}${path}`;
const https = (path = '/'): string => `https://127.0.0.1:${secure.port}${path}`;
const withUser = (user: string): string => proxy.url.replace('//', `//${user}@`);
const authorizations = (): (string | undefined)[] =>
  proxy.seen.map(({ headers }) => {
    const at = headers.findIndex((name) => name.toLowerCase() === 'proxy-authorization');
    return at === -1 ? undefined : headers[at + 1];
  });

/** Node 20 cannot be told at run time which certificates to trust. */
function trustOurs(): void {
  const { connect } = tls;
  vi.spyOn(tls, 'connect').mockImplementation(((options: object) => connect({ ...options, ca })) as typeof connect);
}

test('a plain request asks the proxy for the whole address; credentials stay there', async () => {
  const session = createSession({ proxy: withUser('ada:s%26cret'), headers: { 'x-who': 'Ada' } });
  const response = await session.get(http('/a?b=1'));
  expect(await response.text()).toBe(`/a?b=1 at 127.0.0.1:${plain.port} for Ada`);
  expect(proxy.seen.map(({ line }) => line)).toEqual([`GET ${http('/a?b=1')}`]);
  expect(authorizations()).toEqual([`Basic ${btoa('ada:s&cret')}`]);
});

test('an encrypted request goes through a tunnel, which is used again; credentials never reach the server', async () => {
  trustOurs();
  const session = createSession({ proxy: withUser('ada:s3cret') });
  for (const path of ['/a', '/b', '/c', '/d', '/e']) {
    expect(await (await session.get(https(path))).text()).toBe(`${path} at 127.0.0.1:${secure.port} for undefined`);
  }
  // The platform may open a second one on its own.
  expect(proxy.seen.length).toBeLessThan(4);
  for (const { line } of proxy.seen) expect(line).toBe(`CONNECT 127.0.0.1:${secure.port}`);
  expect(new Set(authorizations())).toEqual(new Set([`Basic ${btoa('ada:s3cret')}`]));
  expect(arrived).toEqual(Array.from({ length: 5 }, () => undefined));
});

test('credentials may have any characters', async () => {
  for (const [user, sent] of [
    ['%C3%A4da:s3%25cret', 'äda:s3%cret'],
    ['100%:', '100%:'],
    [':t0ken', ':t0ken'],
  ] as const) {
    await createSession({ proxy: withUser(user) }).get(http());
    expect(authorizations().at(-1)).toBe(`Basic ${Buffer.from(sent).toString('base64')}`);
  }
});

test('a redirect goes through the proxy, too, and the body of a POST arrives', async () => {
  trustOurs();
  const fetch = createFetch({ fetch: proxyFetch(proxy.url) });
  expect(await (await fetch(http('/away'))).text()).toContain('/there');
  expect(proxy.seen.map(({ line }) => line)).toEqual([`GET ${http('/away')}`, `CONNECT 127.0.0.1:${secure.port}`]);
  expect((await fetch(http('/'), { method: 'POST', body: 'text' })).status).toBe(200);
});

test('a certificate that nobody trusts is refused inside a tunnel as well', async () => {
  const error: unknown = await createSession({ proxy: proxy.url })
    .get(https())
    .catch((reason: unknown) => reason);
  expect(categorize(error)).toBe('tls');
  expect(arrived).toEqual([]);
});

test('the environment says which proxy, read when the session is made', async () => {
  vi.stubEnv('http_proxy', proxy.url);
  vi.stubEnv('no_proxy', 'localhost');
  const session = createSession({ proxy: 'environment' });
  vi.unstubAllEnvs();
  await session.get(http('/through'));
  await session.get(http('/past').replace('127.0.0.1', 'localhost'));
  expect(proxy.seen.map(({ line }) => line)).toEqual([`GET ${http('/through')}`]);
  await getRetrySession({ proxy: 'environment', env: { HTTP_PROXY: proxy.url } }).get(http('/again'));
  await getRetrySession({ proxy: proxy.url, env: {} }).get(http('/and-again'));
  expect(proxy.seen).toHaveLength(3);
});

/** A proxy that answers CONNECT like this, one after the other. */
async function refusing(...statuses: number[]): Promise<Listening & { asked: () => number }> {
  let asked = 0;
  const server = createServer().on('connect', (_request, socket) => {
    const status = statuses[Math.min(asked++, statuses.length - 1)];
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
  });
  return Object.assign(await listening(server), { asked: () => asked });
}

test.each([
  [502, 'http', 3],
  [503, 'http', 3],
  [403, 'auth', 1],
  [407, 'auth', 1],
])(
  'a proxy that answers %i and opens no tunnel: %s, %i requests, also of a POST',
  async (status, category, requests) => {
    const server = await refusing(status);
    const session = createSession({
      proxy: `http://ada:s3cret@127.0.0.1:${server.port}`,
      retry: { backoff: constant(0) },
    });
    const error: unknown = await session.post(https()).catch((reason: unknown) => reason);
    const cause = (error as Error).cause as Error;
    expect(cause).toMatchObject({ code: 'MULLIGAN_PROXY_REFUSED', status });
    expect(cause.message).toContain(`the proxy 127.0.0.1:${server.port} answered ${status}`);
    expect(`${cause.message} ${JSON.stringify(cause)}`).not.toContain('s3cret');
    expect([categorize(error), server.asked(), ledgerOf(error)?.attempts]).toEqual([category, requests, requests]);
    await server.close();
  },
);

test('a proxy that is itself reached by TLS', async () => {
  trustOurs();
  const lines: string[] = [];
  const server = createHttpsServer(certificates, ({ method, url }, response) => {
    lines.push(`${method} ${url}`);
    response.end('from the proxy');
  });
  server.on('connect', ({ url = '' }, client: Socket) => {
    lines.push(`CONNECT ${url}`);
    const target = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  const listener = await listening(server);
  const session = createSession({ proxy: `https://127.0.0.1:${listener.port}`, retry: false });
  expect(await (await session.get(http('/a'))).text()).toBe('from the proxy');
  expect(await (await session.get(https('/b'))).text()).toContain('/b');
  expect(lines).toEqual([`GET ${http('/a')}`, `CONNECT 127.0.0.1:${secure.port}`]);
  await listener.close();
});

test('a proxy that does not answer: each attempt ends on time', async () => {
  const silent = await listening(createServer().on('connect', () => {}));
  const options = { retry: { attempts: 2, backoff: constant(0) }, attemptTimeout: 100 };
  const session = createSession({ proxy: `http://127.0.0.1:${silent.port}`, ...options });
  const error: unknown = await session.get(https()).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'attempt' });
  expect(ledgerOf(error)?.attempts).toBe(2);
  await silent.close();
});

test('a proxy that is not there: tried again', async () => {
  const gone = await listening(createServer());
  await gone.close();
  const session = createSession({ proxy: `http://127.0.0.1:${gone.port}`, retry: { backoff: constant(0) } });
  for (const url of [http(), https()]) {
    const error: unknown = await session.post(url).catch((reason: unknown) => reason);
    expect([categorize(error), ledgerOf(error)?.attempts]).toEqual(['connect', 3]);
  }
});

test('a fetch of your own must be told itself; a platform without a way is named', () => {
  expect(() => createSession({ proxy: proxy.url, fetch: globalThis.fetch })).toThrow('tell yours itself about it');
  expect(() => getRetrySession({ proxy: 'environment', fetch: globalThis.fetch })).toThrow(
    'tell yours itself about it',
  );
  vi.stubGlobal('process', {});
  expect(() => createSession({ proxy: proxy.url })).toThrow(
    'proxy cannot be used here: it needs the fetch of Node, Bun or Deno',
  );
  vi.unstubAllGlobals();
});

test('where the platform has an option of its own for it, that is used', async () => {
  const seen: unknown[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, init: unknown) => (seen.push(init), new Response()));
  vi.stubGlobal('Bun', {});
  await proxyFetch('http://ada:s3cret@p.test:8080')('https://a.test/');
  await proxyFetch('environment', { HTTP_PROXY: 'http://p.test' })('https://a.test/', { method: 'HEAD' });
  vi.stubGlobal('Bun', undefined);
  vi.stubGlobal('Deno', { createHttpClient: (options: unknown) => options });
  const throughDeno = proxyFetch('http://ada:s3cret@p.test:8080');
  await throughDeno('https://a.test/');
  await throughDeno(new Request('https://a.test/'));
  vi.unstubAllGlobals();
  const client = { proxy: { url: 'http://p.test:8080', basicAuth: { username: 'ada', password: 's3cret' } } };
  expect(seen).toEqual([{ proxy: 'http://ada:s3cret@p.test:8080/' }, { method: 'HEAD' }, { client }, { client }]);
  expect((seen[2] as { client: unknown }).client).toBe((seen[3] as { client: unknown }).client);
});
