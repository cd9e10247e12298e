import type { Status } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { attemptShares, failuresInWindow, pageTitle, rescued } from './headline.ts';

const seed = { success_by_attempt: { '0': 850, '1': 120, '2': 25, '3': 5 }, total_failures: 0 };

test('what succeeded only after a retry is a second chance taken', () => {
  expect(rescued(seed)).toBe(150);
  expect(rescued({ success_by_attempt: {} })).toBe(0);
});

test('the calls are shown by the attempt that they ended with', () => {
  expect(attemptShares(seed).map(({ label, count, kind }) => [label, count, kind])).toEqual([
    ['First try', 850, 'first'],
    ['Second try', 120, 'retried'],
    ['Third try', 25, 'retried'],
    ['Later', 5, 'retried'],
    ['Given up', 0, 'failed'],
  ]);
});

test('the shares add up to all calls that ended', () => {
  const shares = attemptShares({ ...seed, total_failures: 1000 });
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(shares.at(-1)).toMatchObject({ label: 'Given up', share: 0.5 });
});

test('before anything has ended, the rows are there and empty', () => {
  const shares = attemptShares({ success_by_attempt: {}, total_failures: 0 });
  expect(shares.map(({ label }) => label)).toEqual(['First try', 'Second try', 'Third try', 'Given up']);
  expect(shares.every(({ share }) => share === 0)).toBe(true);
});

test('the failures of the window are summed up', () => {
  const second = { timestamp: '', requests: 3, failures: 1, retries: 0, latency: null };
  expect(failuresInWindow({ recent: [second, second] })).toEqual({ failures: 2, requests: 6 });
});

test('the title says how it is', () => {
  const status = { success_rate: 0.996 } as Status;
  expect(pageTitle({ connection: { phase: 'connecting' }, status: undefined })).toBe('mulligan');
  expect(pageTitle({ connection: { phase: 'live' }, status })).toBe('99.6% · mulligan');
  expect(pageTitle({ connection: { phase: 'lost', since: 0, retryAt: 0 }, status })).toBe('Connection lost · mulligan');
});
