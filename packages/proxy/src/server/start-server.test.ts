import { createServer, get, request, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { plainThrough } from '../../../../test/support/client.ts';
import { freePort, listening, startRefusing } from '../../../../test/support/listening.ts';
import type { AuditEntry } from '../api/index.ts';
import { startServer } from './start-server.ts';
import type { RunningServer, ServerOptions } from './options.ts';

const anyPort = { gateway: { port: 0 }, api: { port: 0 } } as const;

async function started(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ rotator: { direct: true }, ...anyPort, ...options });
  onTestFinished(() => server.close());
  return server;
}

const portOf = (address: string) => Number(new URL(address).port);

test('it says where it listens and what writes must send', async () => {
  const { gateway, api, token, dashboard } = await started();
  expect(gateway).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
  expect(dashboard).toBe(`${api}/#token=${token}`);
  expect(await (await fetch(`${api}/api/v1/status`)).json()).toMatchObject({
    addresses: { gateway, api },
    writes_need_token: true,
  });
});

test('requests through the gateway are shown by the API', async () => {
  const { gateway, api } = await started();
  const origin = await listening(createServer((_, response) => response.end('hello')));
  onTestFinished(() => origin.close());
  const url = `http://127.0.0.1:${origin.port}/path?token=secret`;
  expect(await plainThrough({ proxyPort: portOf(gateway), url })).toMatchObject({ status: 200, body: 'hello' });
  const text = await (await fetch(`${api}/api/v1/requests`)).text();
  expect(JSON.parse(text)).toMatchObject({
    requests: [{ method: 'GET', target: `127.0.0.1:${origin.port}`, outcome: 'success' }],
  });
  expect(text).not.toMatch(/secret/u);
});

test('the API is known by the names of this machine, at its own port', async () => {
  const { api } = await started();
  const status = (host: string) =>
    new Promise(
      (resolve) =>
        void get(`${api}/health`, { headers: { host }, agent: false }, (response) =>
          resolve(response.resume().statusCode),
        ),
    );
  expect(await status(`localhost:${portOf(api)}`)).toBe(200);
  expect(await status('localhost:9')).toBe(403);
  expect(await status('evil.example')).toBe(403);
});

test('the API cannot be reached through the gateway, under any of its names', async () => {
  const { gateway, api } = await started();
  for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '2130706433', '[::ffff:127.0.0.1]']) {
    const url = `http://${host}:${portOf(api)}/api/v1/status`;
    const answer = await plainThrough({ proxyPort: portOf(gateway), url });
    expect(answer.status, host).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toMatch(/uptime/u);
  }
});

test.each(['gateway', 'api'] as const)('a port of the %s that is in use is answered in a sentence', async (which) => {
  const taken = await listening(createServer());
  onTestFinished(() => taken.close());
  const other = which === 'api' ? 'gateway' : 'api';
  const port = await freePort();
  const name = { gateway: 'gateway', api: 'REST API' }[which];
  await expect(started({ [which]: { port: taken.port }, [other]: { port } })).rejects.toMatchObject({
    code: 'MULLIGAN_CANNOT_LISTEN',
    message: `The ${name} cannot listen on 127.0.0.1:${taken.port}: the port is in use`,
    cause: { code: 'EADDRINUSE' },
  });
  await expect(fetch(`http://127.0.0.1:${port}/health`), 'the other one still listens').rejects.toThrow('fetch failed');
});

test('the lines of the guide run word by word without authentication', async () => {
  const { api, token, dashboard } = await started({
    rotator: { proxies: ['http://proxy1.example.com:8080'] },
    api: { port: 0, auth: false },
  });
  expect([token, dashboard]).toEqual([undefined, `${api}/`]);
  const at = `http://localhost:${portOf(api)}/api/v1`;
  const change = '{ "max_attempts": 5, "backoff_strategy": "exponential", "base_delay": 1.5, "jitter": true }';
  const headers = { 'Content-Type': 'application/json' };
  const answers = [
    await fetch(`${at}/retry/policy`),
    await fetch(`${at}/retry/policy`, { method: 'PUT', headers, body: change }),
    await fetch(`${at}/circuit-breakers`),
    await fetch(`${at}/circuit-breakers/proxy1.example.com:8080`),
    await fetch(`${at}/circuit-breakers/proxy1.example.com:8080/reset`, { method: 'POST' }),
    await fetch(`${at}/metrics/retries`),
    await fetch(`${at}/metrics/retries/timeseries?hours=24`),
    await fetch(`${at}/metrics/retries/by-proxy?hours=24`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200, 200]);
  expect(await answers[1]!.json()).toMatchObject({ max_attempts: 5, base_delay: 1.5 });
});

test('that is only for loopback', async () => {
  const api = { host: '0.0.0.0', port: 0, auth: false };
  await expect(startServer({ rotator: { direct: true }, gateway: { port: 0 }, api })).rejects.toThrow(
    'only allowed on a loopback',
  );
});

test('proxies are checked where that is asked for', async () => {
  const refusing = await startRefusing();
  onTestFinished(() => refusing.close());
  const server = await started({
    rotator: { proxies: [{ id: 'one', url: `http://127.0.0.1:${refusing.port}` }] },
    health: { interval: '100ms', url: 'http://probe.example/ping?key=secret' },
  });
  const config = await (await fetch(`${server.api}/api/v1/config`)).text();
  expect(JSON.parse(config)).toMatchObject({ health_check: { url: 'http://probe.example/ping', interval: 0.1 } });
  expect(config).not.toMatch(/secret/u);
  const checked = await new Promise((resolve) => {
    server.rotator.events.on((event) => event.type === 'proxy.checked' && resolve(event));
  });
  expect(checked).toMatchObject({ proxyId: 'one', isWorking: false });
});

test.each([
  [{ interval: 1 }, 'interval must be at least 100 ms'],
  [{ url: 'ftp://probe.example' }, 'url must be an http or https address without credentials'],
  [{ url: 'http://user:secret@probe.example' }, 'url must be an http or https address without credentials'],
])('checks that cannot be, %j, are answered at once', async (health, sentence) => {
  await expect(started({ health })).rejects.toThrow(sentence);
});

test('writes are told of with the address that they come from', async () => {
  const entries: AuditEntry[] = [];
  const server = await started({ api: { port: 0, onWrite: (entry) => entries.push(entry) } });
  await fetch(`${server.api}/api/v1/retry/policy`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-api-key': server.token! },
    body: '{"max_attempts": 4}',
  });
  expect(entries).toMatchObject([{ address: '127.0.0.1', method: 'PUT', status: 200, fields: ['max_attempts'] }]);
});

test('closing ends the streams of events, and the ports are free again', async () => {
  const server = await started();
  const events = await fetch(`${server.api}/api/v1/events`);
  const ended = events.text();
  await server.close();
  expect(await ended).toMatch(/event: status/u);
  for (const address of [server.gateway, server.api])
    await expect(fetch(`${address}/health`)).rejects.toThrow('fetch failed');
});

test('closing twice is closing once', async () => {
  const server = await started();
  await Promise.all([server.close(), server.close()]);
});

test('a request that runs may end within the drain, and is ended after it', async () => {
  const server = await started({ drain: 50 });
  let arrived: () => void;
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const origin = await listening(createServer(() => arrived()));
  onTestFinished(() => origin.close());
  const hanging = plainThrough({ proxyPort: portOf(server.gateway), url: `http://127.0.0.1:${origin.port}/` }).catch(
    () => 'ended',
  );
  await arrival;
  await server.close();
  expect(await hanging).toBe('ended');
});

/** Sends a request as it stands: `fetch` would add a length. */
function send(
  url: string,
  options: RequestOptions,
  chunks: readonly string[],
): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    });
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

test('a write without a body and without a length, as curl -X POST sends it, is served', async () => {
  const { api } = await started({
    rotator: { proxies: ['http://one.example:3128'] },
    api: { port: 0, auth: false },
  });
  const reset = `${api}/api/v1/circuit-breakers/one.example:3128/reset`;
  const { status, body } = await send(
    reset,
    { method: 'POST', useChunkedEncodingByDefault: false } as RequestOptions,
    [],
  );
  expect({ status, state: (JSON.parse(body) as { state?: string }).state }).toEqual({ status: 200, state: 'closed' });
});

test('a body in chunks is read, but not without end', async () => {
  const { api } = await started({ api: { port: 0, auth: false } });
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const put = (chunks: readonly string[]) => send(`${api}/api/v1/retry/policy`, { method: 'PUT', headers }, chunks);
  expect(await put(['{"max_', 'attempts": 7}'])).toMatchObject({ status: 200 });
  const tooMuch = await put(Array.from({ length: 70 }, () => ' '.repeat(1024)));
  expect(tooMuch).toMatchObject({ status: 413 });
});
