import { connect } from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closed, plainThrough } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

/** Pieces that requests are made of, whole and broken. */
const pieces = [
  [
    'GET ',
    'POST ',
    'CONNECT ',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'http://',
    'HTTP/1.1',
    'HTTP/9.9',
    ' ',
    '\r\n',
    '\n',
    '\r',
  ],
  [
    'Host: a',
    'Content-Length: ',
    'Transfer-Encoding: chunked',
    'Connection: ',
    'Via: ',
    'Upgrade: h2c',
    '-1',
    '0',
    '99999999999',
  ],
  ['\0', '\x05', '\x05\x01\x00', '\x05\x02\x00\x02', '\x05\x01\x00\x03\xff', '\x04\x01\x00\x50\x7f\x00\x00\x01\x00'],
  [
    'a:443',
    '127.0.0.1:',
    '[::1]:443',
    '%00',
    '//',
    '?',
    '#',
    '@',
    '\xff\xfe',
    ': ',
    ';',
    ',',
    '\x16\x03\x01',
    'x'.repeat(3000),
  ],
];
const token = fc.constantFrom(...pieces.flat());
const text = fc.array(token, { maxLength: 25 }).map((tokens) => tokens.join(''));
const noise = fc.oneof(
  text,
  fc.string({ unit: 'binary', maxLength: 400 }),
  text.map((rest) => `GET http://t.test/ HTTP/1.1\r\n${rest}`),
);

test(
  'no bytes crash the gateway or make it hang, and what is malformed reaches nobody',
  { timeout: 60_000 },
  async () => {
    const proxy = await start(startWorkingProxy());
    const { gateway, port, events } = await startGateway(
      { proxies: [proxy.url], retryPolicy: { maxAttempts: 1 } },
      { limits: { headTime: 200 }, timers: { head: 200, response: 200 } },
    );
    const send = async (bytes: Buffer, cut: number, half: boolean): Promise<void> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.write(bytes.subarray(0, cut));
      const rest = bytes.subarray(cut);
      if (half) socket.end(rest);
      else socket.write(rest);
      // Bounded by the gateway, not by the client.
      await closed(socket);
    };
    const seed = Date.now();
    const shots = fc.sample(fc.tuple(noise, fc.nat(20), fc.boolean()), { numRuns: 600, seed });
    const bytes = shots.map(([shot, cut, half]) => [Buffer.from(shot, 'latin1'), cut, half] as const);
    for (let i = 0; i < bytes.length; i += 200) await Promise.all(bytes.slice(i, i + 200).map((shot) => send(...shot)));
    await expect.poll(() => gateway.connections, { timeout: 5000, message: `seed ${seed}` }).toBe(0);
    const asked = events.filter(({ type }) => type === 'gateway.began').length;
    expect(
      events.filter(({ type }) => type === 'gateway.ended'),
      `seed ${seed}`,
    ).toHaveLength(asked);
    expect(proxy.seen.length).toBeLessThanOrEqual(asked);
    const origin = await start(startOrigin());
    expect((await plainThrough({ proxyPort: port, url: origin.url })).status).toBe(200);
  },
);

/** Frames and heads that somebody has got wrong, or means harm with. */
const corpus: Record<string, Buffer | string> = {
  'a greeting cut short': Buffer.of(5, 3, 0),
  'a greeting without methods': Buffer.of(5, 0),
  SOCKS4: Buffer.of(4, 1, 0, 80, 127, 0, 0, 1, 0),
  'a bad version after the greeting': Buffer.of(5, 1, 0, 9, 1, 0, 1),
  BIND: Buffer.of(5, 1, 0, 5, 2, 0, 1, 127, 0, 0, 1, 0, 80),
  UDP: Buffer.of(5, 1, 0, 5, 3, 0, 1, 127, 0, 0, 1, 0, 80),
  'an unknown kind of address': Buffer.of(5, 1, 0, 5, 1, 0, 9, 1, 1, 1, 1, 0, 80),
  'a name of no length': Buffer.of(5, 1, 0, 5, 1, 0, 3, 0, 0, 80),
  'a name with a line break': Buffer.concat([
    Buffer.of(5, 1, 0, 5, 1, 0, 3, 4),
    Buffer.from('a\r\nb'),
    Buffer.of(0, 80),
  ]),
  'a name with a zero byte': Buffer.concat([Buffer.of(5, 1, 0, 5, 1, 0, 3, 3), Buffer.from('a\0b'), Buffer.of(0, 80)]),
  'a name cut short': Buffer.of(5, 1, 0, 5, 1, 0, 3, 255, 97),
  'port 0': Buffer.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 0),
  'credentials cut short': Buffer.of(5, 1, 2, 1, 255, 97),
  'a ClientHello': Buffer.of(22, 3, 1, 0, 5, 1, 0, 0, 1, 3),
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'HTTP/0.9': 'GET /\r\n',
  'a version that there is not': 'GET http://t.test/ HTTP/3.7\r\n\r\n',
  'a method that there is not': 'FETCH http://t.test/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'HTTP/0.9 to a target': 'GET http://t.test/\r\n\r\n',
  'bare line feeds': 'GET http://t.test/ HTTP/1.1\nHost: a\n\n',
  'half a head': 'CONNECT t.test:443 HTTP/1.1\r\nHo',
  'a head without end': `GET http://t.test/${'x'.repeat(40_000)}`,
  'a line break in the target': 'GET http://t.test/\rX: y HTTP/1.1\r\nHost: a\r\n\r\n',
  'a header smuggled into CONNECT': 'CONNECT t.test:443\nX: y HTTP/1.1\r\nHost: a\r\n\r\n',
  'an upgrade with two lengths':
    'GET http://t.test/ HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  'a WebSocket to no absolute URI':
    'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
};

test.each(Object.entries(corpus))('%s is answered or closed in time, and reaches nobody', async (_, bytes) => {
  const proxy = await start(startWorkingProxy());
  const { gateway, port } = await startGateway({ proxies: [proxy.url] }, { limits: { headTime: 100 } });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write(bytes);
  await closed(socket);
  await expect.poll(() => gateway.connections).toBe(0);
  expect(proxy.seen).toHaveLength(0);
});
