import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { closed } from '../../../../test/support/client.ts';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { type CurlResult, curl } from '../../../../test/support/curl.ts';
import { type FaultName, faults, startFaultyProxy, tunnelFaults } from '../../../../test/support/faulty-proxy.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { startRefusing } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

const { ca: _, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());
const timers = { connect: 1000, head: 1000, response: 1000 };

/** Speaks SOCKS5 by hand and gives everything that came back. */
async function speak(port: number, ...frames: (Buffer | string)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => chunks.push(chunk));
  for (const frame of frames) socket.write(frame);
  await closed(socket);
  return Buffer.concat(chunks).toString('hex');
}

describeWithProgram('curl', 'curl over SOCKS5', () => {
  const get = (port: number, url: string, scheme = 'socks5h', user = ''): Promise<CurlResult> =>
    curl('-k', '-x', `${scheme}://${user}127.0.0.1:${port}`, url);

  test('reaches HTTP and HTTPS, by name and by address', async () => {
    const [origin, secure] = [await start(startOrigin()), await start(startOrigin({ certificates }))];
    const { port, events } = await startGateway();
    expect(await get(port, origin.url)).toMatchObject({ code: 0, status: 200, body: 'hello ' });
    expect(await get(port, secure.url, 'socks5')).toMatchObject({ code: 0, status: 200, body: 'hello ' });
    expect(await get(port, `http://localhost:${origin.port}`)).toMatchObject({ status: 200 });
    expect(events).toContainEqual(expect.objectContaining({ inbound: 'socks5', target: `localhost:${origin.port}` }));
  });

  test('needs the right credentials where the gateway asks for them', async () => {
    const origin = await start(startOrigin());
    const { port, events } = await startGateway({}, { auth: [{ username: 'eve', password: 'secret' }] });
    expect(await get(port, origin.url, 'socks5h', 'eve:secret@')).toMatchObject({ status: 200 });
    expect(await get(port, origin.url, 'socks5h', 'eve-session-1:secret@')).toMatchObject({ status: 200 });
    for (const user of ['', 'eve:wrong@', 'adam:secret@'])
      expect((await get(port, origin.url, 'socks5h', user)).code).toBe(97);
    expect(origin.seen).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'gateway.began').map(({ user }) => user)).toEqual(['eve', 'eve']);
  });

  describe('never notices a proxy that', () => {
    const names = ['refuses connections', ...Object.keys(faults), ...Object.keys(tunnelFaults)] as FaultName[];
    test.each(names)('%s', async (fault) => {
      const secure = await start(startOrigin({ certificates }));
      const [faulty, working] = [await start(startFaultyProxy(fault)), await start(startWorkingProxy())];
      const { port } = await startGateway({ proxies: [faulty.url, working.url] }, { timers });
      const results = await Promise.all([1, 2].map(() => get(port, secure.url)));
      expect(results).toEqual(Array.from({ length: 2 }, () => ({ code: 0, status: 200, body: 'hello ' })));
    });
  });
});

describe('a SOCKS5 client', () => {
  const v4 = (port: number): Buffer => Buffer.of(5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255);

  test('is told by a reply code why it gets no connection', async () => {
    const { port } = await startGateway({}, { connectPorts: [443] });
    expect(await speak(port, Buffer.of(5, 1, 0), v4(444))).toMatch(/^050005020001/u);
    const refusing = await start(startRefusing());
    const open = await startGateway({}, {});
    expect(await speak(open.port, Buffer.of(5, 1, 0), v4(refusing.port))).toMatch(/^050005050001/u);
    expect(await speak(open.port, Buffer.of(5, 1, 0), v4(open.port))).toMatch(/^050005020001/u);
    expect(await speak(open.port, Buffer.of(5, 1, 0, 5, 3, 0, 1))).toMatch(/^050005070001/u);
    expect(await speak(open.port, Buffer.of(5, 1, 1))).toBe('05ff');
  });

  test('may send everything at once, its first bytes included', async () => {
    const origin = await start(startOrigin());
    const { port } = await startGateway();
    const answer = await speak(
      port,
      Buffer.of(5, 1, 0),
      v4(origin.port),
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^05000500/u);
    expect(Buffer.from(answer.slice(24), 'hex').toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*hello $/u);
  });

  test('may send its handshake byte by byte', async () => {
    const origin = await start(startOrigin());
    const { port } = await startGateway();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const byte of Buffer.concat([Buffer.of(5, 1, 0), v4(origin.port)])) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => void setImmediate(resolve));
    }
    let received = 0;
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      if (received === 12) break;
    }
    expect(received).toBe(12);
  });

  test('that breaks the rules is closed', async () => {
    const { port, gateway } = await startGateway();
    const withCredentials = Buffer.of(5, 1, 2);
    expect(await speak(port, Buffer.of(5, 1, 0), Buffer.of(4, 1))).toBe('0500');
    expect(await speak(port, withCredentials, Buffer.of(9))).toBe('0502');
    await expect.poll(() => gateway.connections).toBe(0);
  });
});

describe('every kind of upstream', () => {
  const authorities = createCertificates(['localhost', '127.0.0.1'], Date.now());

  test('SOCKS and HTTPS proxies carry plain requests and tunnels', async () => {
    const [origin, secure] = [await start(startOrigin()), await start(startOrigin({ certificates }))];
    const auth = [{ username: 'eve', password: 'secret' }];
    const far = await startGateway({}, { auth });
    const { ca, ...tls } = authorities;
    const farSecure = await startGateway({}, { auth, tls });
    const proxies = {
      socks5: `socks5://eve:secret@127.0.0.1:${far.port}`,
      socks5h: `socks5h://eve:secret@127.0.0.1:${far.port}`,
      http: `http://eve:secret@127.0.0.1:${far.port}`,
      https: `https://eve:secret@localhost:${farSecure.port}`,
    };
    for (const [kind, proxy] of Object.entries(proxies)) {
      const { port } = await startGateway({ proxies: [proxy] }, { proxyTls: { ca } });
      expect(await curl('-x', `http://127.0.0.1:${port}`, `${origin.url}/${kind}`), kind).toMatchObject({
        status: 200,
      });
      expect(await curl('-k', '-x', `http://127.0.0.1:${port}`, `${secure.url}/${kind}`), kind).toMatchObject({
        status: 200,
      });
    }
    expect(origin.seen.map(({ url }) => url)).toEqual(Object.keys(proxies).map((kind) => `/${kind}`));
    expect(JSON.stringify(origin.seen)).not.toContain('secret');
  });
});
