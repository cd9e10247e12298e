import { expect, test, vi } from 'vitest';
import { virtualWorld } from '../testing/index.ts';
import { Cancellation } from './cancellation.ts';
import { orAborted, sleep } from './sleep.ts';

test('waits as long as told', async () => {
  const world = virtualWorld();
  await world.run(sleep(world, 1500));
  expect(world.now()).toBe(1500);
});

test('a wait of nothing makes no timer', async () => {
  const world = virtualWorld();
  await sleep(world, 0);
  await sleep(world, -5, new Cancellation());
  expect(world.pendingTimers).toBe(0);
});

test('an abort ends a wait at the same instant, and leaves no timer', async () => {
  const world = virtualWorld();
  const cancellation = new Cancellation();
  const wait = sleep(world, 10_000, cancellation);
  await world.advance(1234);
  cancellation.abort('enough');
  await expect(wait).rejects.toBe('enough');
  expect(world.now()).toBe(1234);
  expect(world.pendingTimers).toBe(0);
});

test('what is already aborted does not wait', async () => {
  const world = virtualWorld();
  const cancellation = new Cancellation();
  cancellation.abort('before');
  await expect(sleep(world, 10_000, cancellation)).rejects.toBe('before');
  await expect(sleep(world, 0, cancellation)).rejects.toBe('before');
  expect(world.pendingTimers).toBe(0);
});

test('a wait that has ended listens to nobody any more', async () => {
  const world = virtualWorld();
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, 'removeEventListener');
  await world.run(sleep(world, 10, new Cancellation(signal)));
  expect(remove).toHaveBeenCalledOnce();
});

test('orAborted gives the end of the promise, or the abort that comes first', async () => {
  const cleanUp = vi.fn<() => void>();
  await expect(orAborted(Promise.resolve(1), new Cancellation(), cleanUp)).resolves.toBe(1);
  await expect(orAborted(Promise.reject(new Error('no')), new Cancellation(), cleanUp)).rejects.toThrow('no');
  expect(cleanUp).toHaveBeenCalledTimes(2);
  const cancellation = new Cancellation();
  const hung = orAborted(new Promise(() => {}), cancellation, cleanUp);
  cancellation.abort('enough');
  await expect(hung).rejects.toBe('enough');
  expect(cleanUp).toHaveBeenCalledTimes(3);
});

test('a promise that fails after the abort is no unhandled rejection', async () => {
  const world = virtualWorld();
  const cancellation = new Cancellation();
  const late = new Promise<never>((_, reject) => void world.setTimer(() => reject(new Error('late')), 100));
  const raced = orAborted(late, cancellation);
  cancellation.abort('enough');
  await expect(raced).rejects.toBe('enough');
  await world.advance(200);
});
