import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { TimeoutError } from '../kernel/index.ts';
import { constant } from '../retry/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { createFetch } from './fetch.ts';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

const quick = { retry: { attempts: 3, backoff: constant(1) }, timeout: '20s', attemptTimeout: '10s' } as const;

/** Sends the headers and the beginning of a body, and then nothing more. */
const unfinished: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('the beginning');
};

test("the caller's signal ends the reading of a body after the response was returned", async () => {
  await withFaultServer(unfinished, async ({ url }) => {
    for (const options of [quick, { retry: quick.retry }]) {
      const controller = new AbortController();
      const response = await createFetch(options)(url, { signal: controller.signal });
      const text = response.text().catch((error: unknown) => error);
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await text).toBe(reason);
    }
  });
});

test('the signal of a Request does the same, and so does that of a clone', async () => {
  await withFaultServer(unfinished, async ({ url }) => {
    const controller = new AbortController();
    const response = await createFetch(quick)(new Request(url, { signal: controller.signal }));
    const copy = response.clone();
    const texts = [response.text(), copy.text()].map((text) => text.catch((error: unknown) => error));
    controller.abort('enough');
    expect(await Promise.all(texts)).toEqual(['enough', 'enough']);
  });
});

test('a body that is still being read keeps its signal although the response itself is gone', async () => {
  await withFaultServer(unfinished, async ({ url }) => {
    const controller = new AbortController();
    const reader = (await createFetch(quick)(url, { signal: controller.signal })).body!.getReader();
    await reader.read();
    collectGarbage();
    await new Promise((resolve) => void setImmediate(resolve));
    const rest = reader.read().catch((error: unknown) => error);
    controller.abort('enough');
    expect(await rest).toBe('enough');
  });
});

test('time limits end with the headers: a body may take as long as it takes', async () => {
  const world = virtualWorld();
  let finish: (() => void) | undefined;
  const slow: Answer = (response) => {
    response.writeHead(200).write('slowly ');
    finish = () => response.end('but surely');
  };
  await withFaultServer(slow, async ({ url }) => {
    const response = await createFetch({ world, timeout: '2s', attemptTimeout: '1s' })(url);
    await world.advance('1h');
    finish?.();
    expect(await response.text()).toBe('slowly but surely');
  });
});

test('a thousand requests under one signal that lives on leave one listener while bodies live, and then none', async () => {
  await withFaultServer(
    (response, _request, n) => void response.writeHead(n % 3 === 0 ? 503 : 200).end('x'.repeat(2000)),
    async ({ url }) => {
      const { signal } = new AbortController();
      const listeners = (): number => getEventListeners(signal, 'abort').length;
      const fetch = createFetch({ ...quick, budget: false });
      let most = 0;
      const oneAfterTheOther = async (): Promise<void> => {
        for (let i = 0; i < 125; i++) {
          const response = await fetch(url, { signal });
          most = Math.max(most, listeners());
          await response.text();
        }
      };
      await Promise.all(Array.from({ length: 8 }, oneAfterTheOther));
      expect(most).toBe(1);
      for (let round = 0; round < 50 && listeners() > 0; round++) {
        collectGarbage();
        await new Promise((resolve) => void setImmediate(resolve));
      }
      expect(listeners()).toBe(0);
    },
  );
}, 30_000);

test('a call that fails, and one whose response has no body, leave no listener at all', async () => {
  const { signal } = new AbortController();
  const fails = createFetch({ ...quick, fetch: () => Promise.reject(new TypeError('fetch failed')) });
  await expect(fails('http://a.test/', { signal })).rejects.toThrow('fetch failed');
  const empty = createFetch({ ...quick, fetch: async () => new Response(null, { status: 204 }) });
  await empty('http://a.test/', { signal });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a response that comes when its attempt has ended is cancelled', async () => {
  const world = virtualWorld();
  const cancelled: unknown[] = [];
  const late = (): Response => new Response(new ReadableStream({ cancel: (reason) => void cancelled.push(reason) }));
  const fetch = createFetch({
    world,
    attemptTimeout: '1s',
    retry: 2,
    fetch: () => new Promise((resolve) => void world.setTimer(() => resolve(late()), 5000)),
  });
  await expect(world.run(fetch('http://a.test/'))).rejects.toBeInstanceOf(TimeoutError);
  await world.advance('10s');
  expect(cancelled).toHaveLength(2);
  expect(cancelled[0]).toBeInstanceOf(TimeoutError);
});
