import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { virtualWorld } from 'mulligan/testing';
import { describe, expect, test } from 'vitest';
import { closed, tunnelTo } from '../../../../test/support/client.ts';
import { startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { type Listening, listening, startRefusing } from '../../../../test/support/listening.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A target that is no HTTP server. */
function target(serve: (socket: Socket) => void): Promise<Listening> {
  return start(listening(createServer({ allowHalfOpen: true }, serve)));
}

const urlOf = ({ port }: Listening): string => `http://127.0.0.1:${port}`;

async function receive(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks);
}

describe('a tunnel', () => {
  test('carries bytes both ways, however many', async () => {
    const echo = await target((socket) => void socket.pipe(socket));
    const proxy = await start(startWorkingProxy());
    for (const proxies of [[], [proxy.url]]) {
      const { port, events } = await startGateway(proxies.length === 0 ? {} : { proxies });
      const socket = await tunnelTo({ proxyPort: port, url: urlOf(echo) });
      const bytes = randomBytes(10_000_000);
      socket.write(bytes);
      expect(digest(await receive(socket, bytes.length))).toBe(digest(bytes));
      await expect.poll(() => events.at(-1)).toMatchObject({ type: 'gateway.ended', status: 200, attempts: 1 });
      const ended = events.at(-1);
      expect(ended?.type === 'gateway.ended' && ended.bytesUp).toBe(bytes.length);
      expect(ended?.type === 'gateway.ended' && ended.bytesDown).toBe(bytes.length);
    }
  });

  test('lets each side end on its own', async () => {
    const counting = await target((socket) => {
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('end', () => socket.end(`got ${received}`));
    });
    const { port, gateway } = await startGateway();
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(counting) });
    socket.end('all of it');
    expect(await text(socket)).toBe('got all of it');
    await expect.poll(() => gateway.connections).toBe(0);
  });

  test('lets the server end first, and the client go on', async () => {
    let received = '';
    const early = await target((socket) => {
      socket.end('bye');
      socket.on('data', (chunk) => (received += String(chunk)));
    });
    const { port } = await startGateway();
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(early) });
    socket.write('hel');
    expect(String((await once(socket, 'data'))[0])).toBe('bye');
    socket.end('lo');
    await expect.poll(() => received).toBe('hello');
  });

  test('hands over what the server says first, before the client says anything', async () => {
    const greeting = await target((socket) => void socket.write('220 mail ready\r\n'));
    const { port } = await startGateway();
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(greeting) });
    expect(String((await once(socket, 'data'))[0])).toBe('220 mail ready\r\n');
    socket.destroy();
  });

  test('stays open in silence, and is handed over when the client has said nothing for a second', async () => {
    const world = virtualWorld();
    const echo = await target((socket) => void socket.pipe(socket));
    const { port, rotator } = await startGateway({ world }, { world });
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(echo) });
    await expect.poll(() => rotator.getRetryMetrics().getSummary().totalRequests).toBe(0);
    await world.advance(1000);
    await expect.poll(() => world.pendingTimers).toBe(0);
    socket.write('late');
    expect(String((await once(socket, 'data'))[0])).toBe('late');
    socket.destroy();
  });

  test('is closed when nothing moves for the idle time', async () => {
    const echo = await target((socket) => void socket.pipe(socket));
    const { port } = await startGateway({}, { limits: { idle: 50 } });
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(echo) });
    socket.write('once');
    await once(socket, 'data');
    await closed(socket);
    await expect.poll(() => echo.open).toBe(0);
  });

  test.each(['client', 'target'])(
    'that the %s resets is reset for the other side, and leaves no socket',
    async (side) => {
      const sockets: Socket[] = [];
      const echo = await target((socket) => {
        sockets.push(socket);
        socket.on('error', () => {});
        socket.pipe(socket);
      });
      const { port, gateway } = await startGateway();
      const socket = await tunnelTo({ proxyPort: port, url: urlOf(echo) });
      socket.on('error', () => {});
      socket.write('once');
      await once(socket, 'data');
      if (side === 'client') socket.resetAndDestroy();
      else sockets[0]?.resetAndDestroy();
      await expect.poll(() => [echo.open, gateway.connections, socket.closed]).toEqual([0, 0, true]);
    },
  );

  test('that the client leaves while it is being opened is not opened', async () => {
    const proxy = await start(startFaultyProxy('never answers'));
    const { port, gateway, events } = await startGateway({ proxies: [proxy.url] });
    const client = connect(port, '127.0.0.1');
    client.write('CONNECT target.test:443 HTTP/1.1\r\nHost: target.test:443\r\n\r\n');
    await expect.poll(() => proxy.heads.length).toBe(1);
    client.destroy();
    await expect.poll(() => [proxy.open, gateway.connections]).toEqual([0, 0]);
    expect(events.at(-1)).toMatchObject({ type: 'gateway.ended', status: undefined });
  });

  test('keeps its proxy in use until it ends', async () => {
    const echo = await target((socket) => void socket.pipe(socket));
    const proxy = await start(startWorkingProxy());
    const { port, rotator } = await startGateway({ proxies: [proxy.url] });
    const inFlight = (): number => rotator.pool.list().reduce((sum, { stats }) => sum + stats.inFlight, 0);
    const socket = await tunnelTo({ proxyPort: port, url: urlOf(echo) });
    socket.write('x');
    await once(socket, 'data');
    expect(inFlight()).toBe(1);
    socket.destroy();
    await expect.poll(inFlight).toBe(0);
  });

  test('to a port or a place that is refused is answered, and nobody is dialled', async () => {
    const proxy = await start(startWorkingProxy());
    const { port } = await startGateway({ proxies: [proxy.url] }, { connectPorts: [443], allowPrivateTargets: false });
    for (const url of ['http://example.test:444', 'http://127.0.0.1:443', 'http://[::1]:443', 'http://localhost:443']) {
      await expect(tunnelTo({ proxyPort: port, url })).rejects.toThrow('CONNECT was answered 403');
    }
    expect(proxy.seen).toHaveLength(0);
  });

  test('that no proxy opens is answered with the reason', async () => {
    const { port } = await startGateway({ proxies: [`http://127.0.0.1:${(await start(startRefusing())).port}`] });
    const error: unknown = await tunnelTo({ proxyPort: port, url: 'http://target.test:443' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      answer: { statusCode: 502, headers: { 'proxy-status': expect.stringContaining('error=connection_refused') } },
    });
  });
});
