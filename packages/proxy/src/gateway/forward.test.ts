import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { plainThrough } from '../../../../test/support/client.ts';
import { startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening, startRefusing } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

const timers = { connect: 1000, head: 1000, response: 1000 };
const refusing = async (): Promise<string> => `http://127.0.0.1:${(await start(startRefusing())).port}`;
const fieldsOf = (raw: readonly string[]): string[] =>
  raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
const digest = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

describe('what a target sees', () => {
  test('Host is what the URI says, and what is between client and gateway stays there', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway();
    const headers = {
      host: 'evil.example',
      connection: 'close, X-Secret',
      'x-secret': '1',
      'proxy-authorization': 'Basic ZXZlOnNlY3JldA==',
      'proxy-connection': 'keep-alive',
      te: 'trailers',
      'x-kept': 'yes',
    };
    const { status } = await plainThrough({ proxyPort, url: `${origin.url}/a?b`, headers });
    expect(status).toBe(200);
    const [seen] = origin.seen;
    expect(seen?.url).toBe('/a?b');
    expect(seen?.rawHeaders.slice(0, 2)).toEqual(['Host', `127.0.0.1:${origin.port}`]);
    expect(fieldsOf(seen?.rawHeaders ?? []).sort()).toEqual(['connection', 'host', 'via', 'x-kept']);
  });

  test('a proxy gets the absolute URI and its own credentials, never those of the client', async () => {
    const origin = await start(startOrigin());
    const proxy = await start(startWorkingProxy());
    const { port: proxyPort } = await startGateway({ proxies: [proxy.url.replace('//', '//eve:secret@')] });
    const headers = { 'proxy-authorization': 'Basic Y2xpZW50OnB3' };
    const { status, headers: answered } = await plainThrough({ proxyPort, url: `${origin.url}/x`, headers });
    expect(status).toBe(200);
    expect(proxy.seen[0]?.line).toBe(`GET ${origin.url}/x`);
    const raw = proxy.seen[0]?.headers ?? [];
    expect(raw.filter((name) => /^proxy-authorization$/iu.test(name))).toHaveLength(1);
    expect(raw).toContain(`Basic ${Buffer.from('eve:secret').toString('base64')}`);
    expect(JSON.stringify(answered)).not.toContain('secret');
  });

  test('nothing says that there was a gateway when Via is switched off', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway({}, { via: false });
    const { headers } = await plainThrough({ proxyPort, url: origin.url });
    expect(fieldsOf(origin.seen[0]?.rawHeaders ?? [])).not.toContain('via');
    expect(headers).not.toHaveProperty('via');
  });

  test('Max-Forwards counts down, and ends at the gateway', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway();
    const ask = (hops: string) =>
      plainThrough({ proxyPort, url: origin.url, method: 'OPTIONS', headers: { 'max-forwards': hops } });
    expect((await ask('3')).status).toBe(200);
    expect(origin.seen[0]?.rawHeaders.join()).toContain('Max-Forwards,2');
    expect((await ask('0')).status).toBe(501);
    expect(origin.seen).toHaveLength(1);
  });
});

describe('bodies', () => {
  test.each([0, 1, 1000, 65_536, 65_537, 3_000_000])(
    '%i bytes arrive as they were sent, with a length and in chunks',
    async (size) => {
      const origin = await start(startOrigin());
      const { port } = await startGateway();
      const body = randomBytes(size).toString('latin1');
      for (const framing of [{ 'content-length': String(size) }, { 'transfer-encoding': 'chunked' }]) {
        for (const method of ['POST', 'PUT']) {
          const request = sendRequest({ port, path: origin.url, method, headers: framing, agent: false });
          request.end(Buffer.from(body, 'latin1'));
          const [response] = (await once(request, 'response')) as [IncomingMessage];
          response.resume();
          await once(response, 'end');
          expect(response.statusCode).toBe(200);
        }
      }
      expect(origin.seen.map((seen) => digest(seen.body))).toEqual(Array.from({ length: 4 }, () => digest(body)));
    },
  );

  test.each(['PUT', 'POST', 'DELETE'])(
    'a %s with a body too long to keep finds another proxy while none of it was sent',
    async (method) => {
      const origin = await start(startOrigin());
      const proxy = await start(startWorkingProxy());
      const { port: proxyPort } = await startGateway({ proxies: [await refusing(), proxy.url] });
      const body = 'x'.repeat(200_000);
      for (let i = 0; i < 2; i++)
        expect((await plainThrough({ proxyPort, url: origin.url, method, body })).status).toBe(200);
      expect(origin.seen.map((seen) => seen.body.length)).toEqual([200_000, 200_000]);
    },
  );

  test('a long body that was sent is not sent again, even when its method may be repeated', async () => {
    const faulty = await start(startFaultyProxy('closes without an answer'));
    const proxy = await start(startWorkingProxy());
    const origin = await start(startOrigin());
    const { port: proxyPort, events } = await startGateway({ proxies: [faulty.url, proxy.url] }, { timers });
    const answers = await Promise.all(
      [1, 2].map(() => plainThrough({ proxyPort, url: origin.url, method: 'PUT', body: 'x'.repeat(200_000) })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 502]);
    expect(events.flatMap((event) => (event.type === 'gateway.ended' ? event.attempts : []))).toEqual([1, 1]);
  });

  test('when there is no memory to keep bodies they stream, and are sent once', async () => {
    const faulty = await start(startFaultyProxy('closes without an answer'));
    const origin = await start(startOrigin());
    const proxy = await start(startWorkingProxy());
    const { port: proxyPort } = await startGateway(
      { proxies: [faulty.url, proxy.url] },
      { limits: { bodyMemoryBytes: 10 } },
    );
    const put = () => plainThrough({ proxyPort, url: origin.url, method: 'PUT', body: 'more than ten bytes' });
    const answers = [await put(), await put()];
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 502]);
    expect(origin.seen.map(({ body }) => body)).toEqual(['more than ten bytes']);
  });

  test('a client that breaks off while its body is kept leaves nothing behind', async () => {
    const { port, gateway, events } = await startGateway();
    const request = sendRequest({
      port,
      path: 'http://127.0.0.1:1/',
      method: 'PUT',
      headers: { 'content-length': '100' },
    });
    request.on('error', () => {});
    request.write('half');
    await expect.poll(() => events.length).toBe(1);
    request.destroy();
    await expect.poll(() => [gateway.connections, events.at(-1)?.type]).toEqual([0, 'gateway.ended']);
  });
});

describe('responses', () => {
  test('every kind of framing arrives', async () => {
    const origin = await start(
      startOrigin({
        respond({ method, url }, reply) {
          const status = Number(url?.slice(1));
          reply.setHeader('Set-Cookie', ['a=1', 'b=2']);
          if (status === 200 && method !== 'HEAD') reply.writeHead(200, 'Very Fine').write('chunk');
          else if (status === 203) reply.writeHead(203, { 'content-length': 4 });
          else reply.writeHead(status, status === 200 ? { 'content-length': '77' } : {});
          if (status === 203) reply.end('four');
          else reply.end();
        },
      }),
    );
    const { port: proxyPort } = await startGateway();
    const get = (path: string, method = 'GET') => plainThrough({ proxyPort, url: `${origin.url}/${path}`, method });
    expect(await get('200')).toMatchObject({ status: 200, body: 'chunk', headers: { 'set-cookie': ['a=1', 'b=2'] } });
    expect(await get('203')).toMatchObject({ status: 203, body: 'four', headers: { 'content-length': '4' } });
    expect(await get('204')).toMatchObject({ status: 204, body: '' });
    expect(await get('304')).toMatchObject({ status: 304, body: '' });
    expect(await get('200', 'HEAD')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '77' } });
  });

  test('a long response arrives whole although the client reads slowly', async () => {
    const bytes = randomBytes(20_000_000);
    const origin = await start(startOrigin({ respond: (_, reply) => void reply.end(bytes) }));
    const { port } = await startGateway();
    const request = sendRequest({ port, path: origin.url, agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const hash = createHash('sha256');
    for await (const chunk of response) {
      hash.update(chunk as Buffer);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    expect(hash.digest('hex')).toBe(digest(bytes));
  });

  test('a response is handed on as it comes', async () => {
    let finish = (): void => {};
    const origin = await start(
      startOrigin({
        respond(_, reply) {
          reply.write('data: 1\n\n');
          finish = () => reply.end('data: 2\n\n');
        },
      }),
    );
    const { port } = await startGateway();
    const request = sendRequest({ port, path: origin.url, agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(String((await once(response, 'data'))[0])).toBe('data: 1\n\n');
    finish();
    expect(String((await once(response, 'data'))[0])).toBe('data: 2\n\n');
  });

  test.each(['Content-Length: 100', 'Transfer-Encoding: chunked'])(
    'one that breaks off (%s) breaks off for the client, too',
    async (framing) => {
      const upstream = await start(
        listening(
          createServer((socket) => {
            socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n5\r\nhello\r\n`));
          }),
        ),
      );
      const proxies = [`http://127.0.0.1:${upstream.port}`];
      const { port: proxyPort, rotator, events } = await startGateway({ proxies });
      await expect(plainThrough({ proxyPort, url: 'http://target.test/' })).rejects.toThrow('aborted');
      await expect.poll(() => events.at(-1)).toMatchObject({ status: 200, failure: 'the response broke off' });
      expect(rotator.pool.list()[0]?.stats.lastFailure).toBe('the response broke off');
    },
  );

  test('the last failing response is handed on, and a 407 never', async () => {
    const answering = async (status: string): Promise<string> => {
      const text = `HTTP/1.1 ${status}\r\nContent-Length: 6\r\nX-From: there\r\n\r\nsorry!`;
      const upstream = await start(listening(createServer((socket) => socket.once('data', () => socket.end(text)))));
      return `http://127.0.0.1:${upstream.port}`;
    };
    const url = 'http://target.test/';
    const failing = await startGateway({ proxies: [await answering('503 Busy'), await answering('503 Busy')] });
    expect(await plainThrough({ proxyPort: failing.port, url })).toMatchObject({
      status: 503,
      body: 'sorry!',
      headers: { 'x-from': 'there' },
    });
    expect(failing.events.at(-1)).toMatchObject({ status: 503, attempts: 3 });
    const asking = await startGateway({ proxies: [await answering('407 No')] });
    const { status, headers } = await plainThrough({ proxyPort: asking.port, url });
    expect(status).toBe(502);
    expect(headers['proxy-status']).toContain('error=proxy_configuration_error');
    expect(headers).not.toHaveProperty('x-from');
  });
});

describe('connections to upstreams', () => {
  test('are used again', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway();
    for (let i = 0; i < 10; i++) await plainThrough({ proxyPort, url: origin.url });
    expect(origin.accepted).toBe(1);
  });

  test('that are closed just when they are used again cost no attempt', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      let requests = 0;
      socket.on('data', () => {
        if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.resetAndDestroy();
      });
    });
    const upstream = await start(listening(server));
    const { port: proxyPort, events } = await startGateway();
    for (let i = 0; i < 4; i++)
      expect((await plainThrough({ proxyPort, url: `http://127.0.0.1:${upstream.port}/` })).body).toBe('ok');
    expect(connections).toBeGreaterThan(2);
    expect(events.flatMap((event) => (event.type === 'gateway.ended' ? event.attempts : []))).toEqual([1, 1, 1, 1]);
  });

  test('that the upstream has closed are not kept', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        socket.end();
      });
    });
    const upstream = await start(listening(server));
    const { port: proxyPort } = await startGateway();
    await plainThrough({ proxyPort, url: `http://127.0.0.1:${upstream.port}/` });
    await expect.poll(() => upstream.open).toBe(0);
  });

  test('end when the client goes away', async () => {
    const proxy = await start(startFaultyProxy('never answers'));
    const { port, events } = await startGateway({ proxies: [proxy.url] });
    const request = sendRequest({ port, path: 'http://target.test/', method: 'POST', agent: false });
    request.on('error', () => {});
    request.end();
    await expect.poll(() => proxy.heads.length).toBe(1);
    request.destroy();
    await expect.poll(() => proxy.open).toBe(0);
    await expect.poll(() => events.at(-1)).toMatchObject({ type: 'gateway.ended', status: undefined, attempts: 1 });
  });
});

describe('what the gateway says for itself', () => {
  test('a program gets JSON that tells which attempts failed and why', async () => {
    const url = await refusing();
    const { port: proxyPort } = await startGateway({ proxies: [url.replace('//', '//eve:secret@'), await refusing()] });
    const { status, headers, body } = await plainThrough({ proxyPort, url: 'http://target.test/' });
    expect(status).toBe(502);
    expect(headers['proxy-status']).toBe('mulligan; error=connection_refused; details="the connection was refused"');
    const { attempts, request_id: id } = JSON.parse(body) as { attempts: { proxy: string }[]; request_id: string };
    expect(attempts).toHaveLength(3);
    expect(attempts).toContainEqual(expect.objectContaining({ proxy: url.slice(7), error: 'connection_refused' }));
    expect(headers['x-mulligan-request-id']).toBe(id);
    expect(JSON.stringify(headers) + body).not.toMatch(/secret|eve/u);
  });

  test('a browser gets a page', async () => {
    const { port: proxyPort } = await startGateway({ proxies: [await refusing()] });
    const { headers, body } = await plainThrough({
      proxyPort,
      url: 'http://target.test/',
      headers: { accept: 'text/html' },
    });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<h1>502 Bad Gateway</h1>');
  });

  test('a pool without proxies is unavailable, and a policy that runs out of time is a gateway timeout', async () => {
    const empty = await startGateway({ proxies: [] });
    expect((await plainThrough({ proxyPort: empty.port, url: 'http://target.test/' })).status).toBe(503);
    const proxy = await start(startFaultyProxy('never answers'));
    const slow = await startGateway({ proxies: [proxy.url], retryPolicy: { timeout: 200 } });
    expect((await plainThrough({ proxyPort: slow.port, url: 'http://target.test/', method: 'POST' })).status).toBe(504);
  });

  test('whoever takes it for a web server is told what it is', async () => {
    const { port } = await startGateway();
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('forward proxy');
  });
});
