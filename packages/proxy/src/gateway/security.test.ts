import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { closed, plainThrough, tunnelTo } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { Gateway } from './gateway.ts';

const auth = [{ username: 'eve', password: 'secret' }];
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** Sends raw bytes and gives the whole answer. */
async function raw(port: number, text: string, ending: 'ends' | 'waits' = 'ends'): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(text, 'latin1');
  if (ending === 'ends') socket.end();
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}

describe('who may use the gateway', () => {
  test('without credentials nobody gets anywhere, in whatever way they ask', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort, events } = await startGateway({}, { auth });
    for (const headers of [
      {},
      { 'proxy-authorization': basic('eve:wrong') },
      { 'proxy-authorization': 'Bearer secret' },
    ]) {
      const plain = await plainThrough({ proxyPort, url: origin.url, headers });
      expect(plain).toMatchObject({
        status: 407,
        headers: { 'proxy-authenticate': 'Basic realm="mulligan", charset="UTF-8"' },
      });
      await expect(tunnelTo({ proxyPort, url: origin.url, headers })).rejects.toThrow('answered 407');
    }
    expect(origin.accepted).toBe(0);
    expect(events).toHaveLength(0);
  });

  test('with credentials they get everywhere, and the target never sees them', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort, events } = await startGateway({}, { auth });
    const headers = { 'proxy-authorization': basic('eve-session-s1:secret') };
    expect((await plainThrough({ proxyPort, url: origin.url, headers })).status).toBe(200);
    (await tunnelTo({ proxyPort, url: origin.url, headers })).destroy();
    expect(JSON.stringify(origin.seen)).not.toMatch(/authorization/iu);
    expect(events[0]?.user).toBe('eve');
  });

  test('a session stays with its proxy, a region prefers its own', async () => {
    const origin = await start(startOrigin());
    const proxies = [
      await start(startWorkingProxy()),
      await start(startWorkingProxy()),
      await start(startWorkingProxy()),
    ];
    const regions = ['eu', 'us', 'us'];
    const { port: proxyPort } = await startGateway({
      proxies: proxies.map(({ url }, i) => ({ url, region: regions[i] ?? '' })),
      strategy: 'round-robin',
    });
    const send = async (user: string): Promise<void> => {
      const headers = { 'proxy-authorization': basic(`${user}:x`) };
      expect((await plainThrough({ proxyPort, url: origin.url, headers })).status).toBe(200);
    };
    for (let i = 0; i < 6; i++) await send('any-session-abc');
    expect(proxies.map(({ seen }) => seen.length).sort((a, b) => a - b)).toEqual([0, 0, 6]);
  });

  test('it does not start where others can reach it unless it asks for credentials', () => {
    const rotator = new ProxyRotator({ direct: true });
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'gateway.example']) {
      expect(() => new Gateway({ rotator, host })).toThrow(`the gateway needs auth to listen on ${host}`);
      expect(() => new Gateway({ rotator, host, auth })).not.toThrow();
    }
    for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
      expect(() => new Gateway({ rotator, host })).not.toThrow();
  });

  test('bound elsewhere it goes to public addresses only', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway({}, { host: '0.0.0.0', auth });
    const headers = { 'proxy-authorization': basic('eve:secret') };
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0.0.0.0',
      '169.254.169.254',
      '10.0.0.1',
    ]) {
      const { status, headers: answered } = await plainThrough({
        proxyPort,
        url: `http://${host}:${origin.port}/`,
        headers,
      });
      expect(status, host).toBe(403);
      expect(answered['proxy-status']).toContain('error=destination_ip_prohibited');
    }
    expect(origin.accepted).toBe(0);
  });
});

describe('the gateway is no way around itself', () => {
  test('its own listeners are no targets, for nobody and under no name', async () => {
    const api = await start(listening(createHttpServer((_, reply) => void reply.end('api'))));
    const { gateway, port: proxyPort } = await startGateway();
    gateway.protect({ host: '127.0.0.1', port: api.port });
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]', '[::1]', '127.1']) {
      for (const port of [api.port, proxyPort]) {
        expect((await plainThrough({ proxyPort, url: `http://${host}:${port}/` })).status).toBe(403);
        await expect(tunnelTo({ proxyPort, url: `http://${host}:${port}` })).rejects.toThrow('answered 403');
      }
    }
    expect(api.accepted).toBe(0);
  });

  test('a gateway that is its own proxy does not use it', async () => {
    const { gateway, port: proxyPort, rotator } = await startGateway({ proxies: [] });
    for (const host of ['127.0.0.1', 'localhost']) rotator.addProxy({ url: `http://${host}:${proxyPort}` });
    const { status, body } = await plainThrough({ proxyPort, url: 'http://target.test/' });
    expect(status).toBe(502);
    expect(body).toContain('the proxy is this gateway itself');
    await expect.poll(() => gateway.connections).toBe(0);
  });

  test('a loop over other proxies is found by its Via', async () => {
    const [one, two] = [await startGateway({ proxies: [] }), await startGateway({ proxies: [] })];
    one.rotator.addProxy({ url: two.url });
    two.rotator.addProxy({ url: one.url });
    const { status } = await plainThrough({ proxyPort: one.port, url: 'http://target.test/' });
    expect(status).toBe(508);
    await expect(tunnelTo({ proxyPort: one.port, url: 'http://target.test:443' })).rejects.toThrow(/answered 50[28]/u);
    const begun = [...one.events, ...two.events].filter(({ type }) => type === 'gateway.began');
    expect(begun.length).toBeLessThan(12);
  });
});

describe('what could be read in two ways is refused, and reaches nobody', () => {
  const shapes: Record<string, string> = {
    'two lengths': 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    'a length and chunks': 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'chunks twice': 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n',
    'another coding': 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'chunks not last': 'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
    'a signed length': 'Content-Length: +3\r\n\r\nabc',
    'a length in hexadecimal': 'Content-Length: 0x3\r\n\r\nabc',
    'white space before a colon': 'Content-Length : 3\r\n\r\nabc',
    'a folded field': 'X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n',
    'a bare carriage return': 'X-A: b\rContent-Length: 3\r\n\r\nabc',
    'a bare line feed': 'X-A: b\nContent-Length: 3\r\n\r\nabc',
    'a zero byte': 'X-A: \0\r\n\r\n',
    'a bad chunk': 'Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n',
    'a field without a name': ': x\r\n\r\n',
    'too long a head': `X-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
  };
  test.each(Object.entries(shapes))('%s', async (_, fields) => {
    const origin = await start(startOrigin());
    const { port } = await startGateway();
    const answer = await raw(port, `POST ${origin.url}/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /u);
    expect(origin.seen).toHaveLength(0);
  });

  const targets = [
    'http://u:p@127.0.0.1/',
    'https://127.0.0.1/',
    'ftp://a/',
    '/',
    '*',
    '//a/',
    'http://',
    'http://a b/',
    'http://[::1/',
  ];
  test.each(targets)('the target %s', async (target) => {
    const proxy = await start(startWorkingProxy());
    const { port } = await startGateway({ proxies: [proxy.url] });
    expect(await raw(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /u,
    );
    expect(proxy.seen).toHaveLength(0);
  });

  test.each(['a', 'a:', ':443', 'a:0', 'a:99999', 'u@a:443', 'a/b:443', '[::1]'])(
    'the authority %s',
    async (authority) => {
      const proxy = await start(startWorkingProxy());
      const { port } = await startGateway({ proxies: [proxy.url] });
      expect(await raw(port, `CONNECT ${authority} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /u);
      expect(proxy.seen).toHaveLength(0);
    },
  );

  test.each([
    ['CONNECT', 'CONNECT {} HTTP/1.1'],
    ['an upgrade', 'GET http://{}/ HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket'],
  ])('%s ahead of the answer to an earlier request', async (_, second) => {
    const respond: RequestListener = (_request, reply) => void setTimeout(() => reply.end('first'), 50);
    const origin = await start(startOrigin({ respond }));
    const { port } = await startGateway();
    const request = `${second.replace('{}', `127.0.0.1:${origin.port}`)}\r\nHost: a\r\n\r\n`;
    expect(await raw(port, `GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n${request}`, 'waits')).toBe('');
  });

  test('requests that are sent ahead of their answers are answered in order', async () => {
    const origin = await start(startOrigin());
    const { port } = await startGateway();
    const request = (path: string, field: string): string =>
      `GET ${origin.url}/${path} HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`;
    const ahead = request('1', 'X: y') + request('2', 'X: y') + request('3', 'Connection: close');
    const answer = await raw(port, ahead, 'waits');
    expect(answer.match(/HTTP\/1\.1 200 OK\r\n/gu)).toHaveLength(3);
    expect(origin.seen.map(({ url }) => url).toSorted()).toEqual(['/1', '/2', '/3']);
  });

  test('a request hidden in the body of another stays a body', async () => {
    const origin = await start(startOrigin());
    const { port } = await startGateway();
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';
    const head = `POST ${origin.url}/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${hidden.length}\r\n\r\n`;
    expect(await raw(port, head + hidden, 'waits')).toMatch(/^HTTP\/1\.1 200 /u);
    expect(origin.seen.map(({ url }) => url)).toEqual(['/']);
  });
});
