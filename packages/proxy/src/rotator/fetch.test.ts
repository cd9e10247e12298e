import type { RequestListener } from 'node:http';
import { connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { type FaultName, faults, startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { start } from '../../../../test/support/gateway.ts';
import { freePort, type Listening, listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startScriptedSocks } from '../../../../test/support/socks-proxy.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';
import {
  ProxyAuthenticationError,
  ProxyConnectionError,
  ProxyPoolEmptyError,
  ProxyRotator,
  type RotatorOptions,
} from './index.ts';

const certificates = createCertificates(['localhost', '127.0.0.1'], Date.now());
const timers = { connectMs: 2000, tlsMs: 2000, headMs: 1000 };

function rotatorOf(proxies: RotatorOptions['proxies'], options: RotatorOptions = {}): ProxyRotator {
  const dial = { timers, targetTls: { ca: certificates.ca } };
  const rotator = new ProxyRotator({
    ...(proxies === undefined ? {} : { proxies }),
    strategy: 'round-robin',
    waitBetweenProxies: 'none-if-other',
    retryPolicy: { baseDelay: 100 },
    attemptTimeout: '1s',
    dial,
    ...options,
  });
  onTestFinished(() => rotator.close());
  return rotator;
}

const refusing = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
const caught = (error: unknown): unknown => error;

/** A proxy that lets nobody through but one user. */
async function startGuardedProxy(credentials: string): Promise<Listening> {
  const inner = await start(startWorkingProxy());
  const expected = `basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((client) => {
    client.once('data', (head) => {
      if (head.toString('latin1').toLowerCase().includes(expected.toLowerCase())) {
        const way = connect(inner.port, '127.0.0.1', () => way.write(head));
        client.pipe(way).pipe(client);
        way.once('close', () => client.destroy());
      } else {
        const fields = 'Proxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\nConnection: close';
        client.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${fields}\r\n\r\n`);
      }
    });
  });
  return listening(server);
}

describe('a request', () => {
  test('in plain HTTP is given to the proxy with its absolute URI', async () => {
    const origin = await start(startOrigin());
    const proxy = await start(startWorkingProxy());
    const rotator = rotatorOf([`http://alice:secret@127.0.0.1:${proxy.port}`]);
    const response = await rotator.get(`${origin.url}/path?q=1`, { headers: { 'x-own': 'yes' } });
    expect([response.status, await response.text(), response.url]).toEqual([200, 'hello ', `${origin.url}/path?q=1`]);
    expect(proxy.seen[0]?.line).toBe(`GET ${origin.url}/path?q=1`);
    const fields = proxy.seen[0]?.headers.map((field) => field.toLowerCase());
    expect(fields).toContain(`basic ${Buffer.from('alice:secret').toString('base64')}`.toLowerCase());
    expect(origin.seen[0]?.rawHeaders).toEqual(expect.arrayContaining(['x-own', 'yes', `127.0.0.1:${origin.port}`]));
  });

  test('in HTTPS goes through a tunnel, and the proxy sees nothing of it', async () => {
    const origin = await start(startOrigin({ certificates }));
    const proxy = await start(startWorkingProxy());
    const response = await rotatorOf([proxy.url]).post(origin.url, { body: 'a secret' });
    expect(await response.text()).toBe('hello a secret');
    expect(proxy.seen.map(({ line }) => line)).toEqual([`CONNECT 127.0.0.1:${origin.port}`]);
  });

  test('keeps its connection for the next one', async () => {
    const origin = await start(startOrigin({ certificates }));
    const proxy = await start(startWorkingProxy());
    const rotator = rotatorOf([proxy.url]);
    for (let i = 0; i < 10; i++) await (await rotator.get(origin.url)).text();
    // The second may come before the first connection is known to be free.
    expect(proxy.seen.length).toBeLessThanOrEqual(2);
    expect(origin.accepted).toBeLessThanOrEqual(2);
  });

  test('goes through a SOCKS proxy', async () => {
    const body = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsocks';
    const socks = await start(
      startScriptedSocks([3, Buffer.of(5, 0)], [10, Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)], [20, body]),
    );
    const response = await rotatorOf([`socks5://127.0.0.1:${socks.port}`]).get('http://127.0.0.1:80/');
    expect(await response.text()).toBe('socks');
  });

  test('goes without any proxy where there is none', async () => {
    const origin = await start(startOrigin());
    const response = await rotatorOf(undefined, { direct: true }).get(origin.url);
    expect(await response.text()).toBe('hello ');
  });

  test('follows redirects through the same proxy', async () => {
    const respond: RequestListener = (request, reply) =>
      void (request.url === '/' ? reply.writeHead(302, { location: '/there' }).end() : reply.end('there'));
    const origin = await start(startOrigin({ respond }));
    const response = await rotatorOf([(await start(startWorkingProxy())).url]).get(origin.url);
    expect([await response.text(), response.redirected]).toEqual(['there', true]);
  });

  test('takes a Request, a form and headers of the platform', async () => {
    const origin = await start(startOrigin());
    const rotator = rotatorOf([(await start(startWorkingProxy())).url]);
    const request = new Request(origin.url, { method: 'PUT', body: 'from a Request', headers: { 'x-a': 'b' } });
    expect(await (await rotator.fetch(request as never)).text()).toBe('hello from a Request');
    const form = new FormData();
    form.append('field', 'value');
    form.append('file', new Blob(['content']), 'name.txt');
    const text = await (
      await rotator.post(origin.url, { body: form as never, headers: new Headers({ 'x-c': 'd' }) as never })
    ).text();
    expect(text).toMatch(/name="field"[\s\S]*value[\s\S]*filename="name.txt"[\s\S]*content/);
    expect(origin.seen[1]?.rawHeaders).toEqual(expect.arrayContaining(['x-c', 'd']));
  });

  test.each(['ftp://host/', 'not a url', ''])('for %j is refused in a sentence', async (url) => {
    await expect(rotatorOf([]).get(url)).rejects.toThrow('the URL of a request must be an http: or https: URL');
  });
});

describe('a proxy that fails is left for another', () => {
  const faultNames = ['refuses connections', ...Object.keys(faults)] as FaultName[];
  const failsOver = faultNames.filter((name) => !['answers 500', 'redirects'].includes(name));

  test.each(failsOver)('in plain HTTP, when it %s', async (fault) => {
    const origin = await start(startOrigin());
    const bad = await start(startFaultyProxy(fault));
    const good = await start(startWorkingProxy());
    const retryPolicy = { baseDelay: 100, retryStatusCodes: [429, 502, 503, 504] };
    const rotator = rotatorOf([bad.url, good.url], { retryPolicy });
    const response = await rotator.get(origin.url);
    // A 403 may well be the target's own: it is an answer.
    expect(response.status).toBe(fault === 'answers 403' ? 403 : 200);
    expect(origin.seen.length).toBe(fault === 'answers 403' ? 0 : 1);
  });

  test.each(faultNames)('in HTTPS, when it %s', async (fault) => {
    const origin = await start(startOrigin({ certificates }));
    const bad = await start(startFaultyProxy(fault));
    const good = await start(startWorkingProxy());
    const response = await rotatorOf([bad.url, good.url]).get(origin.url);
    expect([response.status, await response.text()]).toEqual([200, 'hello ']);
  });

  test('and a proxy that intercepts TLS with a certificate of its own is not trusted', async () => {
    const forged = await start(startOrigin({ certificates: createCertificates(['127.0.0.1'], Date.now()) }));
    const rotator = rotatorOf([(await start(startWorkingProxy())).url], {
      retryPolicy: { maxAttempts: 2, baseDelay: 100 },
    });
    const error = await rotator.get(forged.url).catch(caught);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(forged.seen).toEqual([]);
  });

  test('all of them: the error tells of the last, and metrics of each', async () => {
    const proxies = [await refusing(), await refusing()];
    const rotator = rotatorOf(proxies, { retryPolicy: { maxAttempts: 2 } });
    const error = await rotator.get('http://origin.example/').catch(caught);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect((error as Error).message).toMatch(/^Request failed after 2 attempts: .*(refused|ECONNREFUSED)/i);
    const byProxy = rotator.getRetryMetrics().getByProxy();
    expect([...byProxy.values()].map(({ failureCount }) => failureCount)).toEqual([1, 1]);
  });

  test('none is left: the answer comes at once', async () => {
    const rotator = rotatorOf([await refusing()], { circuitBreaker: { failures: 1 } });
    await rotator.get('http://origin.example/').catch(caught);
    await expect(rotator.get('http://origin.example/')).rejects.toBeInstanceOf(ProxyPoolEmptyError);
  });

  test('wrong credentials are a failure of the proxy that wants others', async () => {
    const guarded = await start(startGuardedProxy('alice:s3cret'));
    const origin = await start(startOrigin());
    const tls = await start(startOrigin({ certificates }));
    const at = (user: string): string => `http://${user}@127.0.0.1:${guarded.port}`;
    for (const { url } of [origin, tls]) {
      expect((await rotatorOf([at('alice:s3cret')]).get(url)).status).toBe(200);
      const error = await rotatorOf([at('alice:wr0ng')], { retryPolicy: { maxAttempts: 2, baseDelay: 100 } })
        .get(url)
        .catch(caught);
      expect(error).toBeInstanceOf(ProxyAuthenticationError);
      expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng');
    }
  });
});

describe('statuses', () => {
  const failing = (times: number, status = 503): RequestListener => {
    let left = times;
    return (_, reply) => void reply.writeHead(left-- > 0 ? status : 200).end('answer');
  };

  test('of the policy are tried again, and the target’s failure is not charged to the proxy', async () => {
    const origin = await start(startOrigin({ certificates, respond: failing(2) }));
    const rotator = rotatorOf([(await start(startWorkingProxy())).url]);
    const response = await rotator.get(origin.url);
    expect([response.status, origin.seen.length]).toEqual([200, 3]);
    expect(rotator.pool.list().map(({ breaker }) => breaker.snapshot().failureCount)).toEqual([0]);
  });

  test('that the policy does not name are an answer', async () => {
    const origin = await start(startOrigin({ respond: failing(9, 500) }));
    const response = await rotatorOf([(await start(startWorkingProxy())).url]).get(origin.url);
    expect([response.status, origin.seen.length]).toEqual([500, 1]);
  });

  test('at the end are an error, but of a request that may be made only once the answer', async () => {
    const origin = await start(startOrigin({ respond: failing(99) }));
    const rotator = rotatorOf([(await start(startWorkingProxy())).url]);
    const error = await rotator.get(origin.url).catch(caught);
    expect(error).toMatchObject({ message: expect.stringContaining('Status code 503'), attempts: 3 });
    expect((await rotator.get(origin.url, { retryPolicy: null })).status).toBe(503);
    expect((await rotator.post(origin.url, { body: 'x' })).status).toBe(503);
    expect(origin.seen.length).toBe(5);
  });
});

describe('bans', () => {
  const bans = [{ status: 200, body: 'Are you a robot?' }, { status: 403 }];

  test('send the request through another proxy, and let the banned one rest for that target', async () => {
    const [one, other] = [await start(startWorkingProxy()), await start(startWorkingProxy())];
    let banned = 0;
    const respond: RequestListener = (_, reply) =>
      void reply.end(++banned === 1 ? '<h1>Are you a robot?</h1>' : 'welcome');
    const origin = await start(startOrigin({ respond }));
    const rotator = rotatorOf([one.url, other.url], { bans, retryPolicy: { baseDelay: 100 } });
    expect(await (await rotator.get(origin.url)).text()).toBe('welcome');
    for (let i = 0; i < 4; i++) await (await rotator.get(origin.url)).text();
    expect([one.seen.length, other.seen.length]).toEqual([1, 5]);
    expect(rotator.pool.list().map(({ breaker }) => breaker.snapshot().failureCount)).toEqual([0, 0]);
  });

  test('everywhere are an error, and never look like success', async () => {
    const respond: RequestListener = (_, reply) => void reply.writeHead(403).end();
    const origin = await start(startOrigin({ respond }));
    const error = await rotatorOf([(await start(startWorkingProxy())).url], { bans })
      .get(origin.url)
      .catch(caught);
    expect(error).toMatchObject({
      attempts: 3,
      message: expect.stringContaining('the target has banned this address'),
    });
  });

  test('that are none leave the body as it is, however long', async () => {
    const text = 'x'.repeat(300_000);
    const origin = await start(startOrigin({ respond: (_, reply) => void reply.end(text) }));
    const response = await rotatorOf([(await start(startWorkingProxy())).url], { bans }).get(origin.url);
    expect(await response.text()).toBe(text);
  });
});

describe('what must not be sent twice', () => {
  test('a POST goes out once, unless the policy says otherwise', async () => {
    const origin = await start(startOrigin());
    const rotator = rotatorOf([await refusing(), (await start(startWorkingProxy())).url]);
    const error = await rotator.post(origin.url, { body: 'x' }).catch(caught);
    expect(error).toMatchObject({ attempts: 1, reason: 'not-idempotent' });
    rotator.retryPolicy = rotator.retryPolicy.with({ retryNonIdempotent: true });
    const rest = rotatorOf([await refusing(), (await start(startWorkingProxy())).url], {
      retryPolicy: rotator.retryPolicy,
    });
    expect(await (await rest.post(origin.url, { body: 'x' })).text()).toBe('hello x');
  });

  const piecesOf = (text: string): Buffer[] => (text.match(/.{1,20000}/g) ?? []).map((piece) => Buffer.from(piece));

  test.each([
    ['a stream', (text: string): unknown => Readable.toWeb(Readable.from(piecesOf(text)))],
    ['a stream of Node', (text: string): unknown => Readable.from(piecesOf(text))],
    [
      'a generator',
      async function* (text: string): AsyncGenerator<Uint8Array> {
        yield* piecesOf(text);
      },
    ],
  ])('%s is sent again from its beginning if it is short, and if it is long not at all', async (_name, bodyOf) => {
    const origin = await start(startOrigin());
    const good = (await start(startWorkingProxy())).url;
    const bad = [await refusing(), (await start(startFaultyProxy('closes without an answer'))).url];
    const short = await rotatorOf([...bad, good]).put(origin.url, { body: bodyOf('short') as never });
    expect(await short.text()).toBe('hello short');
    const long = 'x'.repeat(100_000);
    const error = await rotatorOf([bad[1]!, good])
      .put(origin.url, { body: bodyOf(long) as never })
      .catch(caught);
    expect(error).toMatchObject({ reason: 'body-not-replayable', attempts: 1 });
    expect(await (await rotatorOf([good]).put(origin.url, { body: bodyOf(long) as never })).text()).toBe(
      `hello ${long}`,
    );
    expect(origin.seen.map(({ body }) => body.length)).toEqual([5, 100_000]);
  });
});

describe('time and aborts', () => {
  test('a request ends at the end of its time', async () => {
    const silent = await start(startFaultyProxy('never answers'));
    const rotator = rotatorOf([silent.url], { attemptTimeout: '1m', dial: {} });
    const error = await rotator.get('http://origin.example/', { timeout: 200 }).catch(caught);
    expect(error).toMatchObject({ name: 'ProxyConnectionError', message: 'Request timeout after 0.20s' });
  });

  test('an abort ends the request, and later the transfer of its body', async () => {
    const respond: RequestListener = (request, reply) => {
      if (request.url === '/silent') return;
      reply.write('first part');
    };
    const origin = await start(startOrigin({ respond }));
    const rotator = rotatorOf([(await start(startWorkingProxy())).url], { attemptTimeout: '1m' });
    const early = new AbortController();
    const silent = rotator.get(`${origin.url}/silent`, { signal: early.signal }).catch(caught);
    early.abort(new Error('no longer needed'));
    expect(await silent).toMatchObject({ message: 'no longer needed' });

    const late = new AbortController();
    const response = await rotator.get(origin.url, { signal: late.signal });
    const [proxy] = rotator.pool.list();
    expect(proxy?.stats.inFlight).toBe(1);
    const text = response.text().catch(caught);
    late.abort(new Error('enough'));
    expect(await text).toMatchObject({ message: 'enough' });
    expect(proxy?.stats.inFlight).toBe(0);
  });

  test('a proxy is in use until the body has come, and no longer', async () => {
    const origin = await start(startOrigin());
    const rotator = rotatorOf([{ url: (await start(startWorkingProxy())).url, maxConcurrent: 1 }]);
    const response = await rotator.get(origin.url);
    await response.text();
    expect((await rotator.get(origin.url)).status).toBe(200);
  });
});

test('a proxy whose address changes is reached at the new one', async () => {
  const origin = await start(startOrigin());
  const [one, other] = [await start(startWorkingProxy()), await start(startWorkingProxy())];
  const rotator = rotatorOf([{ url: one.url, id: 'p' }]);
  await (await rotator.get(origin.url)).text();
  rotator.pool.update('p', { url: other.url });
  await (await rotator.get(origin.url)).text();
  expect([one.seen.length, other.seen.length]).toEqual([1, 1]);
  rotator.removeProxy('p');
  await expect(rotator.get(origin.url)).rejects.toBeInstanceOf(ProxyPoolEmptyError);
});

test('a proxy that hangs up is called once for each attempt, and not again and again', async () => {
  const origin = await start(startOrigin());
  const hanging = await start(startFaultyProxy('closes without an answer'));
  const rotator = rotatorOf([hanging.url], { retryPolicy: { maxAttempts: 1 } });
  await rotator.get('https://origin.example/').catch(caught);
  const others = rotatorOf([(await start(startWorkingProxy())).url]);
  for (let i = 0; i < 5; i++) await (await others.get(origin.url)).text();
  expect(hanging.heads).toHaveLength(1);
});
