import type { ProxyRow } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { breakerNote, secondsToTest } from './countdown.ts';
import type { ReceivedProxy } from './state.ts';

const proxy = (breaker: Partial<ProxyRow['circuit_breaker']>): ReceivedProxy => ({
  at: 1000,
  row: {
    circuit_breaker: { state: 'open', failure_count: 5, failure_threshold: 5, next_test_in: 30, ...breaker },
  } as ProxyRow,
});

test('the time to the next test is counted down on the clock of the page', () => {
  expect(secondsToTest(proxy({}), 1000)).toBe(30);
  expect(secondsToTest(proxy({}), 1001)).toBe(30);
  expect(secondsToTest(proxy({}), 11_000)).toBe(20);
  expect(secondsToTest(proxy({}), 99_000)).toBe(0);
  expect(secondsToTest(proxy({ next_test_in: null }), 1000)).toBeUndefined();
});

test.each([
  [{}, 'test in 20 s'],
  [{ next_test_in: 5 }, 'test due'],
  [{ state: 'half_open', next_test_in: null }, 'the next request decides'],
  [{ state: 'isolated', next_test_in: null }, 'held open by hand'],
  [{ state: 'closed', failure_count: 2, next_test_in: null }, '2 of 5 failures'],
  [{ state: 'closed', failure_count: 2, failure_threshold: null, next_test_in: null }, '2 failures'],
  [{ state: 'closed', failure_count: 0, next_test_in: null }, ''],
] as const)('%j is told as %j', (breaker, note) => {
  expect(breakerNote(proxy(breaker), 11_000)).toBe(note);
});
