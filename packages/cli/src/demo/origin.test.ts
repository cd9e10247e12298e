import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loopback, startListening } from './listening.ts';
import { answerAsOrigin } from './origin.ts';

const server = createServer(answerAsOrigin);
let address = '';
const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(address + path, init);

beforeAll(async () => {
  address = `http://${loopback}:${await startListening(server)}`;
});
afterAll(() => server.close());

test.each(['/', '//', '/?again'])('%s says what else there is', async (path) => {
  const response = await ask(path);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('/bytes/N');
});

test('/json tells what the origin saw', async () => {
  const response = await ask('/json?a=b', { headers: { 'x-seen': 'yes' } });
  expect(await response.json()).toMatchObject({ method: 'GET', path: '/json?a=b', headers: { 'x-seen': 'yes' } });
});

test.each([0, 1, 65_536, 200_001])('/bytes/%i is exactly that long', async (size) => {
  const response = await ask(`/bytes/${size}`);
  expect(response.headers.get('content-length')).toBe(String(size));
  expect((await response.arrayBuffer()).byteLength).toBe(size);
});

test('/echo gives back what it was sent', async () => {
  const response = await ask('/echo', { method: 'POST', body: 'again', headers: { 'content-type': 'text/x-test' } });
  expect(response.headers.get('content-type')).toBe('text/x-test');
  expect(await response.text()).toBe('again');
});

test('/status/N answers with that status', async () => {
  expect((await ask('/status/503')).status).toBe(503);
});

test.each(['/nothing', '/bytes/x', '/bytes/100000001', '/status/99', '/json/1', '/constructor'])(
  '%s is not found',
  async (path) => {
    expect((await ask(path)).status).toBe(404);
  },
);
