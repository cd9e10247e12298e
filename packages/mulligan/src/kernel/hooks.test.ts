import { afterEach, expect, test, vi } from 'vitest';
import { getOnRetryHooks, type RetryHook, setOnRetryHooks } from './hooks.ts';

afterEach(() => setOnRetryHooks(null));

test('hooks are those that were set last; null is none', () => {
  const hook: RetryHook = () => {};
  expect(getOnRetryHooks()).toEqual([]);
  setOnRetryHooks([hook]);
  expect(getOnRetryHooks()).toEqual([hook]);
  setOnRetryHooks(null);
  expect(getOnRetryHooks()).toEqual([]);
});

test('a factory makes its hook when it is first needed, once', () => {
  const createHook = vi.fn<() => RetryHook>(() => () => {});
  setOnRetryHooks([{ createHook }]);
  expect(createHook).not.toHaveBeenCalled();
  const first = getOnRetryHooks();
  expect(getOnRetryHooks()).toBe(first);
  expect(createHook).toHaveBeenCalledOnce();
});
