import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { closed } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening, startRefusing } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

/** A server that accepts WebSockets and echoes what comes. */
async function echo() {
  const requests: IncomingMessage[] = [];
  const server = createServer((_, reply) => void reply.writeHead(426).end('no upgrade'));
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    requests.push(request);
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
    socket.pipe(socket);
  });
  return { ...(await start(listening(server))), requests };
}

const wish = { connection: 'Upgrade, X-Hop', upgrade: 'websocket', 'x-hop': '1', 'sec-websocket-version': '13' };

function ask(port: number, url: string, headers: Record<string, string> = {}) {
  const key = randomBytes(16).toString('base64');
  const request = sendRequest({
    port,
    path: url,
    agent: false,
    headers: { ...wish, 'sec-websocket-key': key, ...headers },
  });
  request.on('error', () => {});
  request.end();
  return request;
}

test.each(['directly', 'through a proxy, past one that is down'])(
  'a WebSocket over plain HTTP works %s',
  async (way) => {
    const target = await echo();
    const proxy = await start(startWorkingProxy());
    const down = `http://127.0.0.1:${(await start(startRefusing())).port}`;
    const { port, events } = await startGateway(way === 'directly' ? {} : { proxies: [down, proxy.url] });
    const request = ask(port, `http://127.0.0.1:${target.port}/chat?room=1`, { host: 'evil.example' });
    const [response, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Socket];
    expect(response.statusCode).toBe(101);
    socket.write('frame');
    expect(String((await once(socket, 'data'))[0])).toBe('frame');
    const [seen] = target.requests;
    expect([seen?.url, seen?.headers.host]).toEqual(['/chat?room=1', `127.0.0.1:${target.port}`]);
    expect(seen?.headers).not.toHaveProperty('x-hop');
    socket.destroy();
    await expect.poll(() => events.at(-1)).toMatchObject({ type: 'gateway.ended', inbound: 'http', status: 101 });
  },
);

test('one that cannot be made is answered', async () => {
  const { port } = await startGateway({ proxies: [`http://127.0.0.1:${(await start(startRefusing())).port}`] });
  const [response] = (await once(ask(port, 'http://target.test/'), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(502);
  expect(response.headers['proxy-status']).toContain('connection_refused');
});

test('credentials, private targets and loops are looked at as for any request', async () => {
  const target = await echo();
  const auth = [{ username: 'eve', password: 'secret' }];
  const guarded = await startGateway({}, { auth, allowPrivateTargets: false });
  const url = `http://127.0.0.1:${target.port}/`;
  const credentials = { 'proxy-authorization': `Basic ${Buffer.from('eve:secret').toString('base64')}` };
  const answers = [
    ask(guarded.port, url),
    ask(guarded.port, url, credentials),
    ask(guarded.port, '/chat', credentials),
  ];
  const statuses = await Promise.all(
    answers.map(async (request) => ((await once(request, 'response')) as [IncomingMessage])[0].statusCode),
  );
  expect(statuses).toEqual([407, 403, 400]);
  expect(target.requests).toHaveLength(0);
});

test.each(['GET', 'POST'])(
  'a %s that offers another upgrade is served without it, and its connection is kept',
  async (method) => {
    const origin = await start(startOrigin());
    const { port, gateway } = await startGateway();
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
      'content-length': '4',
    };
    const request = sendRequest({ port, path: `${origin.url}/h2`, method, agent: false, headers });
    request.end('body');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    expect([response.statusCode, body]).toEqual([200, 'hello body']);
    expect(JSON.stringify(origin.seen[0]?.rawHeaders)).not.toMatch(/upgrade|http2/iu);
    expect(gateway.connections).toBeLessThanOrEqual(1);
    request.destroy();
    if (request.socket !== null) await closed(request.socket);
  },
);
