import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { plainThrough, secureThrough } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());

/** No timer helps: whatever is not noticed at once hangs, and the test with it. */
const timers = { connect: '1h', tls: '1h', head: '1h', response: '1h' } as const;

const deaths: Record<string, (socket: Socket) => void> = {
  ends: (socket) => void socket.end(),
  'is destroyed': (socket) => void socket.destroy(),
  'is reset': (socket) => void socket.resetAndDestroy(),
};

/** What may come between an answer and the death of its connection. */
const moments: ((die: () => void) => void)[] = [
  (die) => die(),
  (die) => process.nextTick(die),
  (die) => void setImmediate(die),
  (die) => void setTimeout(die, 1),
];

/** An upstream whose connections die: in every third request, else after the answer. */
function dying(die: (socket: Socket) => void) {
  let count = 0;
  return (request: IncomingMessage, reply: ServerResponse): void => {
    const { socket } = request;
    count++;
    if (count % 3 === 0) {
      die(socket);
      return;
    }
    const moment = moments[count % moments.length];
    reply.end('hello', () => moment?.(() => die(socket)));
  };
}

/** Makes a SOCKS5 proxy that leads everywhere to one port. */
function socksTo(port: number) {
  return createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.of(5, 0));
      client.once('data', () => {
        client.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
        const far = connect(port, '127.0.0.1');
        far.on('error', () => client.resetAndDestroy()).on('close', () => client.destroy());
        client.pipe(far).pipe(client);
        client.on('close', () => far.destroy());
      });
    });
  });
}

const ways = Object.keys(deaths).flatMap((death) => ['http', 'https', 'socks5'].map((kind) => [kind, death] as const));

// A TLS socket cannot be reset.
test.each(ways.filter(([kind, death]) => kind !== 'https' || death !== 'is reset'))(
  'no request hangs on the connections of an %s proxy of which each %s, idle or in use',
  async (kind, death) => {
    const serve = dying(deaths[death] ?? (() => {}));
    const server = kind === 'https' ? createTlsServer(certificates, serve) : createHttpServer(serve);
    const { port } = await start(listening(server));
    const upstream = kind === 'socks5' ? await start(listening(socksTo(port))) : { port };
    const { port: proxyPort, gateway } = await startGateway(
      {
        proxies: [`${kind}://127.0.0.1:${upstream.port}`],
        retryPolicy: { maxAttempts: 10, baseDelay: 100, multiplier: 1.1 },
      },
      { timers, proxyTls: { ca } },
    );
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => plainThrough({ proxyPort, url: 'http://127.0.0.1:9/' })),
      );
      expect(answers.map(({ body }) => body)).toEqual(['hello', 'hello', 'hello', 'hello']);
    }
    await expect.poll(() => gateway.connections).toBe(0);
  },
);

test('an upstream that dies with connections idle and in use takes no request with it', async () => {
  const origin = await start(startOrigin());
  const secure = await start(startOrigin({ certificates }));
  const [doomed, working] = [await startWorkingProxy(), await start(startWorkingProxy())];
  let isSilent = false;
  const silent = await start(startOrigin({ respond: (_, reply) => void (isSilent ? undefined : reply.end('late')) }));
  const { port: proxyPort } = await startGateway({ proxies: [doomed.url, working.url] }, { timers });
  const plain = () => plainThrough({ proxyPort, url: origin.url });
  await Promise.all(Array.from({ length: 20 }, plain));
  isSilent = true;
  const inUse = [1, 2, 3, 4].map(() => plainThrough({ proxyPort, url: silent.url }));
  await expect.poll(() => silent.seen.length).toBe(4);
  isSilent = false;
  await doomed.close();
  const answers = await Promise.all([
    ...Array.from({ length: 20 }, plain),
    ...Array.from({ length: 10 }, () => secureThrough({ proxyPort, url: secure.url, ca })),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  // Half of them were with the one that died, and have been asked for again; the others still wait.
  await expect.poll(() => silent.seen.length).toBe(6);
  const rescued = await Promise.race(inUse);
  expect(rescued).toMatchObject({ status: 200, body: 'late' });
  await silent.close();
  await Promise.all(inUse);
});
