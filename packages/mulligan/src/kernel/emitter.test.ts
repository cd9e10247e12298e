import { afterEach, expect, test, vi } from 'vitest';
import { Emitter, onEvent, Reporter } from './emitter.ts';
import type { MulliganEvent } from './event.ts';

const event: MulliganEvent = {
  type: 'call.succeeded',
  at: 0,
  name: 'fetchUser',
  attempts: 1,
  durationMs: 5,
  waitedMs: 0,
};

afterEach(() => {
  vi.restoreAllMocks();
});

test('nobody is heard until somebody listens', () => {
  const emitter = new Emitter<number>();
  expect(emitter.isHeard).toBe(false);
  const leave = emitter.on(() => {});
  expect(emitter.isHeard).toBe(true);
  leave();
  expect(emitter.isHeard).toBe(false);
});

test('one function given twice is two subscriptions', () => {
  const emitter = new Emitter<number>();
  const listener = vi.fn<(event: number) => void>();
  const leave = emitter.on(listener);
  emitter.on(listener);
  emitter.emit(1);
  leave();
  emitter.emit(2);
  expect(listener.mock.calls).toEqual([[1], [1], [2]]);
});

test('a listener that throws reaches nobody else, and is blamed once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const emitter = new Emitter<number>();
  const second = vi.fn<(event: number) => void>();
  emitter.on(() => {
    throw new Error('my fault');
  });
  emitter.on(second);
  emitter.emit(1);
  emitter.emit(2);
  expect(second).toHaveBeenCalledTimes(2);
  expect(warn).toHaveBeenCalledOnce();
});

test('a policy reports to its own listener and to the process', () => {
  const own = vi.fn<(event: MulliganEvent) => void>();
  const all = vi.fn<(event: MulliganEvent) => void>();
  const reporter = new Reporter(own);
  expect(reporter.isHeard).toBe(true);
  const leave = onEvent(all);
  reporter.report(event);
  leave();
  reporter.report(event);
  expect(own).toHaveBeenCalledTimes(2);
  expect(all).toHaveBeenCalledExactlyOnceWith(event);
});

test('a policy without a listener of its own is heard while the process listens', () => {
  const reporter = new Reporter();
  expect(reporter.isHeard).toBe(false);
  const leave = onEvent(() => {});
  expect(reporter.isHeard).toBe(true);
  leave();
});

test('no listener can change an event for the next one', () => {
  const reporter = new Reporter((heard) => {
    expect(Object.isFrozen(heard)).toBe(true);
  });
  reporter.report({ ...event });
});
