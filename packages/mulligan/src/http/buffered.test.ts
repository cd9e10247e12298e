import { expect, test } from 'vitest';
import { systemWorld, type World } from '../kernel/index.ts';
import { ledgerOf } from '../retry/index.ts';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { createFetch } from './fetch.ts';

const hasty: World = { ...systemWorld, setTimer: (callback) => systemWorld.setTimer(callback, 0) };
const cut: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' }).write('the beginning', () => response.socket?.destroy());
};

test('a body that breaks off is retried when bodies are read within the attempt', async () => {
  const once: Answer = (response, request, n) => void (n === 1 ? cut(response, request, n) : response.end('the whole'));
  await withFaultServer(once, async (server) => {
    const response = await createFetch({ world: hasty, buffer: true })(server.url);
    expect(await response.text()).toBe('the whole');
    expect(response.url).toBe(server.url);
    expect(server.requests).toHaveLength(2);
  });
});

test('for a single call as well, and a POST is not repeated for it', async () => {
  await withFaultServer(cut, async (server) => {
    const fetch = createFetch({ world: hasty });
    const error: unknown = await fetch(server.url, { buffer: true }).catch((reason: unknown) => reason);
    expect(ledgerOf(error)?.attempts).toBe(3);
    await expect(fetch(server.url, { buffer: true, method: 'POST' })).rejects.toThrow('terminated');
    expect(server.requests).toHaveLength(4);
  });
});

test('a slow body is a matter of the time limits then', async () => {
  const slow: Answer = (response) => void response.writeHead(200).write('and then');
  await withFaultServer(slow, async (server) => {
    const call = createFetch({ attemptTimeout: 100, retry: 1, buffer: true })(server.url);
    await expect(call).rejects.toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'attempt' });
  });
});

test('what a response says of itself is kept, and an empty one is left as it is', async () => {
  const answer: Answer = (response, { path }) => {
    if (path === '/from') response.writeHead(302, { location: '/to' }).end();
    else
      response
        .writeHead(path === '/none' ? 204 : 206, 'Some Of It', { 'x-a': 'b' })
        .end(path === '/none' ? '' : 'part');
  };
  await withFaultServer(answer, async (server) => {
    const fetch = createFetch({ buffer: true });
    const response = await fetch(`${server.url}from`);
    expect(response).toMatchObject({
      status: 206,
      statusText: 'Some Of It',
      redirected: true,
      type: 'basic',
      ok: true,
    });
    expect([response.url, response.headers.get('x-a')]).toEqual([`${server.url}to`, 'b']);
    expect(await fetch(`${server.url}none`)).toMatchObject({ status: 204, body: null });
  });
});
