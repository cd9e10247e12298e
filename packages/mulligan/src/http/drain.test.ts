import { expect, test } from 'vitest';
import { Drain } from './drain.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A body in pieces of 1 kB, and what became of it. */
function body(kilobytes: number): { response: Response; state: { pulled: number; cancelled: boolean } } {
  const state = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pulled === kilobytes) controller.close();
        else controller.enqueue(new Uint8Array(1024));
        state.pulled++;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(stream), state };
}

test('a short body is read to its end', async () => {
  const { response, state } = body(5);
  const drain = new Drain(response);
  await turn();
  drain[Symbol.dispose]();
  expect(state).toEqual({ pulled: 6, cancelled: false });
});

test('a long body is cancelled', async () => {
  const { response, state } = body(10_000);
  const drain = new Drain(response);
  await turn();
  expect(state).toEqual({ pulled: 65, cancelled: true });
  drain[Symbol.dispose]();
});

test('a body that does not come is cancelled when there is no more time', async () => {
  let isCancelled = false;
  const stream = new ReadableStream({
    cancel() {
      isCancelled = true;
    },
  });
  const drain = new Drain(new Response(stream));
  await turn();
  expect(isCancelled).toBe(false);
  drain[Symbol.dispose]();
  await turn();
  expect(isCancelled).toBe(true);
});

test('whoever is told of the retry may keep a copy', async () => {
  const response = new Response('what went wrong');
  const drain = new Drain(response);
  const copy = response.clone();
  await turn();
  drain[Symbol.dispose]();
  expect(await copy.text()).toBe('what went wrong');
});

test('a body that somebody is reading, that broke off, or that is not there is left alone', async () => {
  const locked = new Response('mine');
  const text = locked.text();
  const broken = new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) }));
  const drains = [locked, broken, new Response(null)].map((response) => new Drain(response));
  await turn();
  for (const drain of drains) drain[Symbol.dispose]();
  await turn();
  expect(await text).toBe('mine');
});
