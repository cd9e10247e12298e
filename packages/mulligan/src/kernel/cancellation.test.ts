import { expect, test, vi } from 'vitest';
import { Cancellation } from './cancellation.ts';

/** How many abort listeners a signal has now. */
function countListeners(signal: AbortSignal): { readonly count: number } {
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count--;
    remove(...args);
  };
  return {
    get count() {
      return count;
    },
  };
}

test('an abort is told once, with the first reason', () => {
  const cancellation = new Cancellation();
  const listener = vi.fn<(reason: unknown) => void>();
  cancellation.onAbort(listener);
  cancellation.abort('first');
  cancellation.abort('second');
  expect(listener.mock.calls).toEqual([['first']]);
  expect(cancellation.reason).toBe('first');
});

test('who listens too late is told at once', () => {
  const cancellation = new Cancellation();
  cancellation.abort('gone');
  const listener = vi.fn<(reason: unknown) => void>();
  const leave = cancellation.onAbort(listener);
  expect(listener).toHaveBeenCalledExactlyOnceWith('gone');
  leave();
});

test('who has left is not told', () => {
  const cancellation = new Cancellation();
  const listener = vi.fn<() => void>();
  const leave = cancellation.onAbort(listener);
  leave();
  leave();
  cancellation.abort('gone');
  expect(listener).not.toHaveBeenCalled();
});

test('a listener may take another one away while all are being told', () => {
  const cancellation = new Cancellation();
  const second = vi.fn<() => void>();
  let leaveSecond = (): void => {};
  cancellation.onAbort(() => leaveSecond());
  leaveSecond = cancellation.onAbort(second);
  cancellation.abort('gone');
  expect(second).not.toHaveBeenCalled();
});

test('an abort reaches grandchildren, their signals and their listeners', () => {
  const controller = new AbortController();
  const child = new Cancellation(controller.signal);
  const grandchild = new Cancellation(child);
  const listener = vi.fn<(reason: unknown) => void>();
  grandchild.onAbort(listener);
  const { signal } = grandchild;
  controller.abort('over');
  expect(listener).toHaveBeenCalledExactlyOnceWith('over');
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toBe('over');
  expect(child.aborted).toBe(true);
});

test('an abort of a child leaves its parent and its siblings alone', () => {
  const parent = new Cancellation();
  const child = new Cancellation(parent);
  const sibling = new Cancellation(parent);
  child.abort('mine');
  expect(parent.aborted).toBe(false);
  expect(sibling.signal.aborted).toBe(false);
});

test('the signal of something already aborted is aborted', () => {
  const cancellation = new Cancellation(AbortSignal.abort('before'));
  expect(cancellation.aborted).toBe(true);
  expect(cancellation.reason).toBe('before');
  expect(cancellation.signal.reason).toBe('before');
});

test('throw undefined has its match: undefined is a reason', () => {
  const cancellation = new Cancellation();
  const listener = vi.fn<(reason: unknown) => void>();
  cancellation.onAbort(listener);
  cancellation.abort(undefined);
  expect(listener).toHaveBeenCalledExactlyOnceWith(undefined);
  expect(cancellation.aborted).toBe(true);
});

test('100 000 waiters on one signal are one listener, and none when all have left', () => {
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const leaves = Array.from({ length: 100_000 }, () => new Cancellation(signal).onAbort(() => {}));
  expect(listeners.count).toBe(1);
  for (const leave of leaves) leave();
  expect(listeners.count).toBe(0);
});

test('a signal that somebody looked at is followed until the cancellation is closed', () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const cancellation = new Cancellation(controller.signal);
  const { signal } = cancellation;
  expect(listeners.count).toBe(1);
  cancellation.close();
  expect(listeners.count).toBe(0);
  controller.abort('late');
  expect(signal.aborted).toBe(false);
});

test('closing keeps an abort that came before', () => {
  const controller = new AbortController();
  const cancellation = new Cancellation(controller.signal);
  controller.abort('before');
  cancellation.close();
  expect(cancellation.aborted).toBe(true);
  expect(cancellation.reason).toBe('before');
});

test('what is closed is not aborted any more', () => {
  const cancellation = new Cancellation();
  cancellation.close();
  cancellation.abort('late');
  expect(cancellation.aborted).toBe(false);
});

test('a signal that has been aborted and is used again by others is listened to anew', () => {
  const controller = new AbortController();
  const first = vi.fn<() => void>();
  const second = vi.fn<() => void>();
  new Cancellation(controller.signal).onAbort(first)();
  new Cancellation(controller.signal).onAbort(second);
  controller.abort();
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledOnce();
});
