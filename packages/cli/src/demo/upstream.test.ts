import { createServer, type Server } from 'node:http';
import { systemWorld, type World } from 'mulligan';
import { virtualWorld } from 'mulligan/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startListening } from './listening.ts';
import { answerAsOrigin } from './origin.ts';
import { requestThrough } from './request-through.ts';
import { between, type Fault, startUpstream } from './upstream.ts';

const origin: Server = createServer(answerAsOrigin);
let url = '';

beforeAll(async () => {
  url = `http://127.0.0.1:${await startListening(origin)}/json`;
});
afterAll(() => origin.close());

async function ask(fault: Fault, world?: World): Promise<number> {
  const upstream = await startUpstream(fault, 0, world);
  onTestFinished(() => upstream.close(true));
  const route = { gateway: `http://127.0.0.1:${upstream.port}`, ca: '', signal: new AbortController().signal };
  return requestThrough({ method: 'GET', url }, route);
}

test('an upstream without a fault passes requests on', async () => {
  await expect(ask({ kind: 'none' })).resolves.toBe(200);
});

test('an overloaded upstream answers 503 by itself', async () => {
  await expect(ask({ kind: 'answers', status: 503 })).resolves.toBe(503);
});

test.each([
  ['closes', 0.1],
  ['resets', 0.9],
])('a flaky upstream %s the connection', async (_, chance) => {
  const world = { ...systemWorld, random: () => chance };
  await expect(ask({ kind: 'drops', share: 1 }, world)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a flaky upstream passes the other requests on', async () => {
  const world = { ...systemWorld, random: () => 0.5 };
  await expect(ask({ kind: 'drops', share: 0.5 }, world)).resolves.toBe(200);
});

test('a slow upstream waits, then passes the request on', async () => {
  const world = virtualWorld();
  const answer = ask({ kind: 'slow', fromMs: 3_600_000, toMs: 7_200_000 }, world);
  await expect.poll(() => world.pendingTimers).toBe(1);
  await world.advance('2h');
  await expect(answer).resolves.toBe(200);
});

test('a time is drawn from its range', () => {
  const draw = (chance: number): number => between({ fromMs: 400, toMs: 1200 }, virtualWorld({ seed: () => chance }));
  expect([draw(0), draw(0.5)]).toEqual([400, 800]);
  expect(draw(1 - Number.EPSILON)).toBeLessThan(1200);
});
