import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemWorld } from './system-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const day = 86_400_000;

test('a timer fires once, when it is due', () => {
  const callback = vi.fn<() => void>();
  systemWorld.setTimer(callback, 100);
  vi.advanceTimersByTime(99);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(callback).toHaveBeenCalledOnce();
});

test("a timer longer than the platform's 24.8 days does not fire at once", () => {
  const callback = vi.fn<() => void>();
  systemWorld.setTimer(callback, 60 * day);
  vi.advanceTimersByTime(59 * day);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(day);
  expect(callback).toHaveBeenCalledOnce();
});

test('a timer that never ends can be set and cancelled', () => {
  const callback = vi.fn<() => void>();
  const timer = systemWorld.setTimer(callback, Number.POSITIVE_INFINITY);
  vi.advanceTimersByTime(365 * day);
  expect(callback).not.toHaveBeenCalled();
  timer.cancel();
  timer.cancel();
  expect(vi.getTimerCount()).toBe(0);
});

test('a fraction of a millisecond is rounded up: no timer fires early', () => {
  const callback = vi.fn<() => void>();
  systemWorld.setTimer(callback, 1.2);
  vi.advanceTimersByTime(1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
});

test('a timer can let go of the process and hold it again, before and after it is armed anew', () => {
  const timer = systemWorld.setTimer(() => {}, 30 * day);
  timer.unref();
  vi.advanceTimersByTime(25 * day);
  timer.ref();
  expect(vi.getTimerCount()).toBe(1);
  timer.cancel();
});

test('the clocks tell the time, and chance is between 0 and 1', () => {
  vi.setSystemTime(1_893_456_000_000);
  expect(systemWorld.wallNow()).toBe(1_893_456_000_000);
  const before = systemWorld.now();
  vi.advanceTimersByTime(10);
  expect(systemWorld.now() - before).toBe(10);
  const chance = systemWorld.random();
  expect(chance).toBeGreaterThanOrEqual(0);
  expect(chance).toBeLessThan(1);
});

test('a blocking wait blocks the thread as long as told, and not at all for nothing', () => {
  const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
  systemWorld.sleepSync(0);
  expect(wait).not.toHaveBeenCalled();
  systemWorld.sleepSync(20);
  expect(wait).toHaveBeenCalledExactlyOnceWith(expect.any(Int32Array), 0, 0, 20);
  wait.mockRestore();
});

test('where the thread cannot be blocked, there is a sentence instead', () => {
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new TypeError('Atomics.wait cannot be called in this context');
  });
  expect(() => systemWorld.sleepSync(5)).toThrow('this platform cannot block its thread: use retry instead');
  wait.mockRestore();
});
