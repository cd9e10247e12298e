import { expect, test } from 'vitest';
import { type MulliganEvent, pipeline, TimeoutError } from '../kernel/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { fallback } from './fallback.ts';

const world = virtualWorld();
const down = new Error('down');
const failing = () => Promise.reject<string[]>(down);

test('a value stands in for a call that failed, and for no other', async () => {
  const policy = fallback<string[]>([]);
  await expect(policy.execute(failing)).resolves.toEqual([]);
  await expect(policy.execute(() => Promise.resolve(['a']))).resolves.toEqual(['a']);
});

test('a function gets the error and the context, and may take its time', async () => {
  const policy = fallback((cause, { name }) => Promise.resolve(`${name}: ${(cause as Error).message}`));
  await expect(policy.execute(() => Promise.reject(down), { name: 'getUser' })).resolves.toBe('getUser: down');
});

test('undefined is a value', async () => {
  await expect(fallback(undefined).execute(failing)).resolves.toBeUndefined();
});

test('what is thrown at once is a failure, too', async () => {
  const policy = fallback('b');
  const operation = (): Promise<string> => {
    throw down;
  };
  await expect(policy.execute(operation)).resolves.toBe('b');
});

test('only the errors that are named are answered', async () => {
  class Gone extends Error {}
  class Moved extends Gone {}
  const policy = fallback('b', { on: Gone, unless: [Moved] });
  await expect(policy.execute(() => Promise.reject(new Gone()))).resolves.toBe('b');
  await expect(policy.execute(() => Promise.reject(new Moved()))).rejects.toBeInstanceOf(Moved);
  await expect(policy.execute(failing)).rejects.toBe(down);
});

test('a value that is not good enough is answered', async () => {
  const isFailure = ({ status }: { status: number }) => status >= 500;
  const policy = fallback((cause) => ({ status: 200, instead: cause }), { isFailure });
  await expect(policy.execute(() => Promise.resolve({ status: 503 }))).resolves.toEqual({
    status: 200,
    instead: { status: 503 },
  });
  await expect(policy.execute(() => Promise.resolve({ status: 404 }))).resolves.toEqual({ status: 404 });
});

test('a caller who leaves gets no answer', async () => {
  const controller = new AbortController();
  const call = fallback('b').execute(
    ({ signal }) => new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    { signal: controller.signal },
  );
  controller.abort(down);
  await expect(call).rejects.toBe(down);
});

test('the end of an inner time limit is answered', async () => {
  const slow = pipeline(fallback('cached'));
  const late = () => Promise.reject(new TimeoutError('call', 100, 'call'));
  await expect(slow.execute(late)).resolves.toBe('cached');
});

test('a fallback that fails rejects with its own error', async () => {
  const policy = fallback(() => {
    throw new RangeError('nothing cached');
  });
  await expect(policy.execute(failing)).rejects.toThrow(new RangeError('nothing cached'));
});

test('each use is one event', async () => {
  const events: MulliganEvent[] = [];
  const policy = fallback('b', { world, onEvent: (event) => events.push(event) });
  await policy.execute(failing, { name: 'getUser' });
  await policy.execute(() => Promise.resolve('a'));
  expect([policy.name, fallback('b', { name: 'cached' }).name]).toEqual(['fallback', 'cached']);
  expect(events).toEqual([{ type: 'fallback.used', at: world.wallNow(), name: 'getUser', cause: down }]);
});

test('bad options are answered in sentences', () => {
  expect(() => fallback('b', { onn: Error } as object)).toThrow("fallback has no option 'onn': did you mean 'on'?");
  expect(() => fallback('b', { on: 'E' } as object)).toThrow(
    'on must be an error class, an array of error classes or a function',
  );
  expect(() => fallback('b', { isFailure: 1 } as object)).toThrow('isFailure must be a function, got 1');
});
