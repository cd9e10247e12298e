import { expect, test } from 'vitest';
import { checkFetch } from './index.ts';

const broken = async (fetch: typeof globalThis.fetch): Promise<string[]> =>
  (await checkFetch(fetch, { timeoutMs: 3000 })).filter(({ passed }) => !passed).map(({ id }) => id);

test('the kit finds that the bare fetch does not retry, and keeps the promises that need no retry', async () => {
  const found = await broken(globalThis.fetch);
  expect(found).toEqual(['retries-503', 'retries-reset', 'replays-body', 'abort-ends-wait', 'no-pinned-sockets']);
});

test('the kit finds what a careless loop does', async () => {
  const careless: typeof globalThis.fetch = async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(
          input,
          attempt > 1 && init?.body instanceof ReadableStream ? { ...init, body: '' } : init,
        );
        if (response.ok || attempt === 3) return response;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  };
  expect(await broken(careless)).toEqual(
    expect.arrayContaining(['leaves-404-alone', 'post-once', 'no-empty-stream', 'never-early']),
  );
});
