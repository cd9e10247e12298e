import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import fc from 'fast-check';
import { virtualWorld } from 'mulligan/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createCertificates } from './certificates.ts';
import { startListening } from './listening.ts';
import { answerAsOrigin } from './origin.ts';
import { requestThrough } from './request-through.ts';
import { drawPauseMs, drawRequest, startTraffic } from './traffic.ts';
import { startUpstream } from './upstream.ts';

const { ca, cert, key } = createCertificates(['localhost', '127.0.0.1'], Date.now());
const plain = createServer(answerAsOrigin);
const secure = createSecureServer({ cert, key }, answerAsOrigin);
const origin = { http: '', https: '', ca };

beforeAll(async () => {
  origin.http = `http://127.0.0.1:${await startListening(plain)}`;
  origin.https = `https://127.0.0.1:${await startListening(secure)}`;
});
afterAll(() => {
  plain.close();
  secure.close();
});

/** Any forward proxy will do for a gateway. */
async function startGateway(): Promise<string> {
  const gateway = await startUpstream({ kind: 'none' }, 0);
  onTestFinished(() => gateway.close(true));
  return `http://127.0.0.1:${gateway.port}`;
}

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('every drawn request is one that the origin answers, over either scheme', () => {
  fc.assert(
    fc.property(chance, (random) => {
      const { url, method, body } = drawRequest(origin, () => random);
      expect(url.startsWith(`${origin.http}/`) || url.startsWith(`${origin.https}/`)).toBe(true);
      expect(body === undefined).toBe(method === 'GET');
    }),
  );
});

test('about five requests are sent in a second', () => {
  fc.assert(fc.property(chance, (random) => drawPauseMs(() => random) >= 100 && drawPauseMs(() => random) <= 300));
  expect(drawPauseMs(() => 0.5)).toBe(200);
});

test.each(['http', 'https'] as const)(
  '%s requests with and without a body pass through the gateway',
  async (scheme) => {
    const route = { gateway: await startGateway(), ca, signal: new AbortController().signal };
    const statuses = [
      await requestThrough({ method: 'GET', url: `${origin[scheme]}/bytes/50000` }, route),
      await requestThrough({ method: 'POST', url: `${origin[scheme]}/echo`, body: 'again' }, route),
      await requestThrough({ method: 'GET', url: `${origin[scheme]}/status/404` }, route),
    ];
    expect(statuses).toEqual([200, 200, 404]);
  },
);

test('a server that the authority has not signed is refused', async () => {
  const route = {
    gateway: await startGateway(),
    ca: createCertificates(['x'], Date.now()).ca,
    signal: new AbortController().signal,
  };
  await expect(requestThrough({ method: 'GET', url: `${origin.https}/json` }, route)).rejects.toThrow(/certificate/);
});

test('a gateway that wants to know who asks is told', async () => {
  const asked: (string | undefined)[] = [];
  const gateway = createServer((request, response) => {
    asked.push(request.headers['proxy-authorization']);
    response.end();
  });
  const address = `http://127.0.0.1:${await startListening(gateway)}`;
  onTestFinished(() => void gateway.close());
  const user = { username: 'eve', password: 'secret' };
  const route = { gateway: address, user, ca, signal: new AbortController().signal };
  await requestThrough({ method: 'GET', url: `${origin.http}/json` }, route);
  expect(asked).toEqual([`Basic ${btoa('eve:secret')}`]);
});

test('a tunnel that is not opened is told by its status', async () => {
  const gateway = await startUpstream({ kind: 'answers', status: 503 }, 0);
  onTestFinished(() => gateway.close(true));
  const route = { gateway: `http://127.0.0.1:${gateway.port}`, ca, signal: new AbortController().signal };
  await expect(requestThrough({ method: 'GET', url: `${origin.https}/json` }, route)).resolves.toBe(503);
});

test('the traffic names itself, comes at its pace, and stops', async () => {
  const gateway = await startGateway();
  const seen: (string | undefined)[] = [];
  const note = ({ headers }: IncomingMessage): void => void seen.push(headers['user-agent']);
  plain.on('request', note);
  onTestFinished(() => void plain.off('request', note));
  // Chance that draws a plain GET each time, and a pause of 120 ms.
  const world = virtualWorld({ seed: () => 0.1 });
  const traffic = startTraffic(origin, { gateway }, world);
  await world.advance(600);
  await expect.poll(() => seen).toEqual(Array.from({ length: 6 }, () => 'mulligan-demonstration'));
  await traffic.stop();
  await world.advance('1h');
  expect(seen).toHaveLength(6);
  expect(world.pendingTimers).toBe(0);
});

test('requests that run when the traffic stops are given up', async () => {
  const silent = createServer();
  const address = `http://127.0.0.1:${await startListening(silent)}`;
  onTestFinished(() => void silent.close());
  const world = virtualWorld({ seed: () => 0.1 });
  const traffic = startTraffic({ ...origin, http: address }, { gateway: address }, world);
  await once(silent, 'request');
  await traffic.stop();
  await expect.poll(() => connectionsOf(silent)).toBe(0);
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
