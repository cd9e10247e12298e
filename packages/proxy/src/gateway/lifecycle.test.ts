import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { closed, plainThrough, tunnelTo } from '../../../../test/support/client.ts';
import { curl } from '../../../../test/support/curl.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { Gateway } from './gateway.ts';

const open = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

async function answerTo(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}

describe('listening', () => {
  test('a port that is taken is an error of its own', async () => {
    const { port } = await startGateway();
    const second = new Gateway({ rotator: new ProxyRotator({ direct: true }), port });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('the address is known once it listens', async () => {
    const gateway = new Gateway({ rotator: new ProxyRotator({ direct: true }), port: 0 });
    expect(() => gateway.address).toThrow('does not listen yet');
    const { port } = await gateway.listen();
    expect(gateway.url).toBe(`http://127.0.0.1:${port}`);
    await gateway.close();
  });

  test('a wrong option is answered in a sentence', () => {
    const rotator = new ProxyRotator({ direct: true });
    const make = (options: object) => () => new Gateway({ rotator, ...options });
    expect(make({ prot: 1 })).toThrow("the gateway has no option 'prot': did you mean 'port'?");
    expect(make({ port: 70_000 })).toThrow('port must be a whole number from 0 to 65535, got 70000');
    expect(make({ limits: { idle: '5 minutes' } })).toThrow('limits.idle must be a duration');
    expect(make({ auth: [{ username: 'a:b', password: 'x' }] })).toThrow('without : in a user name');
    expect(make({ connectPorts: [0] })).toThrow('connectPorts must be a whole number from 1 to 65535, got 0');
  });
});

describe('closing', () => {
  test('what runs comes to its end, and nothing new begins', async () => {
    let finish = (): void => {};
    const respond = (_: IncomingMessage, reply: { write(text: string): void; end(text: string): void }): void => {
      reply.write('first,');
      finish = () => reply.end('last');
    };
    const origin = await start(startOrigin({ respond }));
    const { gateway, port } = await startGateway();
    const request = sendRequest({ port, path: origin.url, headers: { connection: 'keep-alive' } });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const closing = gateway.close({ within: '10s' });
    await expect(open(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    finish();
    let body = '';
    for await (const chunk of response) body += String(chunk);
    expect(body).toBe('first,last');
    await closing;
    expect(gateway.connections).toBe(0);
  });

  test('a tunnel may end, and is ended when it takes too long', async () => {
    const echo = await start(listening(createServer((socket) => void socket.pipe(socket))));
    const { gateway, port } = await startGateway();
    const socket = await tunnelTo({ proxyPort: port, url: `http://127.0.0.1:${echo.port}` });
    socket.on('error', () => {});
    await gateway.close({ within: 50 });
    await closed(socket);
    await expect.poll(() => echo.open).toBe(0);
  });

  test('idle, silent and half-open connections do not hold it up', async () => {
    const origin = await start(startOrigin());
    const { gateway, port } = await startGateway();
    const agentless = sendRequest({ port, path: origin.url, headers: { connection: 'keep-alive' } });
    agentless.end();
    const [response] = (await once(agentless, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    await open(port);
    await expect.poll(() => gateway.connections).toBe(2);
    await gateway.close({ within: '1h' });
    expect(gateway.connections).toBe(0);
    await expect.poll(() => origin.open).toBe(0);
  });
});

describe('limits', () => {
  test('more connections than allowed are answered, and room that becomes free is used', async () => {
    const { gateway, port } = await startGateway({}, { limits: { connections: 2 } });
    const sockets = [await open(port), await open(port)];
    await expect.poll(() => gateway.connections).toBe(2);
    const answer = await answerTo(await open(port));
    expect(answer).toMatch(/^HTTP\/1\.1 503 /u);
    expect(answer).toContain('Proxy-Status: mulligan; error=connection_limit_reached');
    sockets[0]?.destroy();
    await expect.poll(() => gateway.connections).toBe(1);
    const next = await open(port);
    next.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await answerTo(next)).toMatch(/^HTTP\/1\.1 400 /u);
  });

  test('who is over the limit waits for room, and is told in its own language when there is none', async () => {
    const origin = await start(startOrigin());
    const limits = { connections: 1, queue: 1, queueTime: '1h' } as const;
    const { port } = await startGateway({}, { limits });
    const first = await open(port);
    const waiting = plainThrough({ proxyPort: port, url: origin.url, headers: { connection: 'close' } });
    await open(port).then((socket) => socket.destroy());
    const none = await startGateway({}, { limits: { ...limits, queueTime: 0 } });
    await open(none.port);
    const socks = await open(none.port);
    socks.write(Buffer.of(5, 1, 0));
    // What it speaks is known if it has said something by then.
    expect(['\u0005\u00ff', 'HTTP/1.1 503']).toContain((await answerTo(socks)).slice(0, 12));
    first.destroy();
    expect((await waiting).status).toBe(200);
  });

  test('a client that says nothing, or drips its head, is not waited for', async () => {
    const { gateway, port } = await startGateway({}, { limits: { headTime: 100 } });
    const silent = await open(port);
    const half = await open(port);
    half.write('GET http://a/ HTTP/1.1\r\nHo');
    const socks = await open(port);
    socks.write(Buffer.of(5, 1));
    const answer = answerTo(half);
    await Promise.all([closed(silent), closed(socks)]);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /u);
    await expect.poll(() => gateway.connections).toBe(0);
  });

  test('heads may have the length that was set', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway({}, { limits: { headerBytes: 2048 } });
    const send = (length: number) =>
      plainThrough({ proxyPort, url: origin.url, headers: { 'x-long': 'x'.repeat(length) } });
    expect((await send(1000)).status).toBe(200);
    expect((await send(3000)).status).toBe(431);
  });
});

describeWithProgram('curl', 'a TLS listener', () => {
  test('takes plain requests, tunnels and SOCKS5', async () => {
    const { ca: _, ...tls } = createCertificates(['localhost', '127.0.0.1'], Date.now());
    const origin = await start(startOrigin());
    const { gateway, port } = await startGateway({}, { tls });
    expect(gateway.url).toBe(`https://127.0.0.1:${port}`);
    for (const how of [[], ['-p']]) {
      expect(await curl('--proxy-insecure', '-x', gateway.url, ...how, origin.url)).toMatchObject({
        code: 0,
        status: 200,
      });
    }
    expect((await curl('-x', `http://127.0.0.1:${port}`, origin.url)).status).toBe(0);
    await expect.poll(() => gateway.connections).toBe(0);
  });
});
