import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:tls';
import { createServer, type Server, type Socket } from 'node:net';
import { virtualWorld } from 'mulligan/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { type FaultName, type faults, startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { listening, startRefusing } from '../../../../test/support/listening.ts';
import { parseProxyUrl } from '../address/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { DialOptions } from './options.ts';
import { dialThrough } from './through.ts';

const target = { host: 'example.test', port: 443 };
const timers = { connectMs: 2000, tlsMs: 2000, headMs: 200 };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(server: Server): Promise<number> {
  const listener = await listening(server);
  closing.push(() => listener.close());
  return listener.port;
}

async function dial(url: string, options: DialOptions = { timers }): Promise<Socket> {
  const socket = await dialThrough(parseProxyUrl(url), target, options);
  closing.push(() => socket.destroy());
  return socket;
}

async function failureOf(work: Promise<unknown>): Promise<AttemptFailure> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof AttemptFailure) return error;
  throw new Error('expected an AttemptFailure', { cause: error });
}

const proxysFault = { fault: 'proxy', phase: 'handshake', mayFailOver: true };
const expected: Record<keyof typeof faults | 'refuses connections', object> = {
  'refuses connections': { fault: 'proxy', phase: 'connect', mayFailOver: true, message: 'the connection was refused' },
  'resets the connection': proxysFault,
  'closes without an answer': proxysFault,
  'never answers': { ...proxysFault, message: 'no answer within 200 ms' },
  'answers 403': { ...proxysFault, fault: 'pair', status: 403 },
  'answers 407': { ...proxysFault, status: 407, isAmbiguous: false },
  'answers 429': { ...proxysFault, fault: 'pair', status: 429, retryAfterMs: 7000 },
  'answers 500': { ...proxysFault, status: 500, isAmbiguous: true },
  'answers 502': { ...proxysFault, status: 502, isAmbiguous: true },
  'answers 503': { ...proxysFault, status: 503, isAmbiguous: true },
  'answers 504': { ...proxysFault, status: 504, isAmbiguous: true },
  redirects: { ...proxysFault, status: 302 },
  'speaks another protocol': { ...proxysFault, message: 'the answer is not HTTP' },
  'answers noise': { ...proxysFault, message: 'the answer is not HTTP' },
  'answers half a head': proxysFault,
  'answers half a head and stops': { ...proxysFault, message: 'no answer within 200 ms' },
  'drips its head': { ...proxysFault, message: 'no answer within 200 ms' },
  'answers an endless head': { ...proxysFault, message: 'the head of the answer is longer than 16384 bytes' },
};

describe('a dial through a proxy says how far it came and whose fault it is, and leaves no socket, when the proxy', () => {
  test.each(Object.keys(expected) as (keyof typeof expected)[])('%s', async (fault: FaultName) => {
    const proxy = await startFaultyProxy(fault);
    closing.push(() => proxy.close());
    expect(await failureOf(dial(proxy.url))).toMatchObject(expected[fault as keyof typeof expected]);
    await expect.poll(() => proxy.open).toBe(0);
  });
});

/** A proxy that answers CONNECT with this text, and then echoes. */
function answering(text: string, heads: string[] = []): Server {
  return createServer((socket) => {
    socket.once('data', (chunk) => {
      heads.push(chunk.toString());
      socket.write(text);
      socket.pipe(socket);
    });
  });
}

test('payload glued to the 200 belongs to the tunnel, however much it is', async () => {
  const payload = 'x'.repeat(100_000);
  const port = await start(answering(`HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n${payload}`));
  const socket = await dial(`http://127.0.0.1:${port}`);
  let received = '';
  for await (const chunk of socket) {
    received += String(chunk);
    if (received.length >= payload.length) break;
  }
  expect(received).toBe(payload);
});

test('the proxy is sent its credentials and the fields that were asked for', async () => {
  const heads: string[] = [];
  const port = await start(answering('HTTP/1.1 200 OK\r\n\r\n', heads));
  const socket = await dial(`http://eve:p%40ss@127.0.0.1:${port}`, { headers: [['Via', '1.1 here']] });
  expect(heads).toEqual([
    'CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\nProxy-Authorization: Basic ZXZlOnBAc3M=\r\nVia: 1.1 here\r\n\r\n',
  ]);
  socket.write('ping');
  expect(String((await once(socket, 'data'))[0])).toBe('ping');
});

test('what the proxy says about the target absolves the proxy', async () => {
  for (const field of [
    'Proxy-Status: squid; error=dns_error',
    'X-Squid-Error: ERR_CONNECT_FAIL 111',
    'Proxy-Status: a; error="connection_refused"',
  ]) {
    const port = await start(answering(`HTTP/1.1 503 No\r\n${field}\r\n\r\n`));
    expect(await failureOf(dial(`http://127.0.0.1:${port}`))).toMatchObject({ fault: 'target', status: 503 });
  }
});

test('an abort ends a dial at once, with its own reason', async () => {
  const proxy = await startFaultyProxy('never answers');
  closing.push(() => proxy.close());
  const controller = new AbortController();
  const dialling = dial(proxy.url, { signal: controller.signal });
  await expect.poll(() => proxy.heads.length).toBe(1);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(dialling).rejects.toBe(reason);
  await expect.poll(() => proxy.open).toBe(0);
  await expect(dial(proxy.url, { signal: controller.signal })).rejects.toBe(reason);
});

test('the deadline bounds every step', async () => {
  const proxy = await startFaultyProxy('never answers');
  closing.push(() => proxy.close());
  const world = virtualWorld();
  const failing = failureOf(dial(proxy.url, { world, deadlineMs: 1500 }));
  await expect.poll(() => proxy.heads.length).toBe(1);
  await world.advance(1499);
  expect(proxy.open).toBe(1);
  await world.advance(1);
  expect(await failing).toMatchObject({ phase: 'handshake', message: 'no answer within 1.5 s' });
  expect(world.pendingTimers).toBe(0);
});

test('a target that refuses is its own fault, not that of a proxy', async () => {
  const refusing = await startRefusing();
  closing.push(() => refusing.close());
  const place = { host: '127.0.0.1', port: refusing.port };
  expect(await failureOf(dialThrough(undefined, place))).toMatchObject({ fault: 'target', phase: 'connect' });
});

test('an address that the look-up refuses is not dialled', async () => {
  const refusal = new AttemptFailure('no', { fault: 'client', mayFailOver: false, phase: 'connect' });
  const lookupTarget: DialOptions['lookupTarget'] = (_name, _options, answer) => answer(refusal, []);
  expect(await failureOf(dialThrough(undefined, target, { lookupTarget }))).toBe(refusal);
});

describe('an https proxy', () => {
  const { ca, ...server } = createCertificates(['localhost', '127.0.0.1'], Date.now());
  const secure = (): Promise<number> =>
    start(
      createTlsServer(server, (socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nsecure'));
      }),
    );

  test('is spoken to over TLS when its certificate is trusted', async () => {
    const socket = await dial(`https://localhost:${await secure()}`, { tls: { ca } });
    expect(String((await once(socket, 'data'))[0])).toBe('secure');
  });

  test('is refused when its certificate is not trusted, or is for another host', async () => {
    const port = await secure();
    const untrusted = { fault: 'proxy', phase: 'tls', mayFailOver: true };
    expect(await failureOf(dial(`https://127.0.0.1:${port}`))).toMatchObject(untrusted);
    const misnamed: DialOptions = {
      tls: { ca },
      lookupProxy: (_name, options, answer) =>
        options.all === true ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4),
    };
    expect(await failureOf(dial(`https://proxy.test:${port}`, misnamed))).toMatchObject(untrusted);
  });

  test('is trusted all the same where that was asked for', async () => {
    const socket = await dial(`https://127.0.0.1:${await secure()}`, { tls: { verify: false } });
    expect(String((await once(socket, 'data'))[0])).toBe('secure');
  });

  test('that does not speak TLS is charged', async () => {
    const port = await start(answering('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failureOf(dial(`https://127.0.0.1:${port}`))).toMatchObject({ fault: 'proxy', phase: 'tls' });
  });

  test('that never answers the handshake is given up', async () => {
    const port = await start(createServer());
    const failure = await failureOf(dial(`https://127.0.0.1:${port}`, { timers: { tlsMs: 100 } }));
    expect(failure).toMatchObject({ fault: 'proxy', phase: 'tls', message: 'no TLS within 100 ms' });
  });
});
