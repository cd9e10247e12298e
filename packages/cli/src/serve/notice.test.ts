import type { AttemptEndedEvent, ProxyEvent, RequestEndedEvent } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { noticeOf } from './notice.ts';

const request = { at: 0, requestId: '1', method: 'GET', target: 'example.com:80' } as const;
const attempt: AttemptEndedEvent = {
  ...request,
  type: 'attempt.ended',
  attempt: 1,
  attempts: 3,
  proxyId: 'flaky',
  outcome: 'failure',
  status: undefined,
  waitedMs: 0,
  latencyMs: 4,
  failure: { fault: 'proxy', phase: 'connect', category: 'connect', message: 'the connection was refused' },
};
const ended: RequestEndedEvent = {
  ...request,
  type: 'request.ended',
  url: undefined,
  outcome: 'failure',
  status: undefined,
  attempts: [attempt],
  durationMs: 5,
  waitedMs: 0,
  timeoutMs: undefined,
  reason: 'attempts',
  error: 'Request failed after 3 attempts',
};

const checked: ProxyEvent = {
  type: 'proxy.checked',
  at: 0,
  proxyId: 'flaky',
  isWorking: true,
  latencyMs: 4,
  status: undefined,
  failure: undefined,
};

test.each<[ProxyEvent, string | undefined]>([
  [attempt, 'GET example.com:80: attempt 1 of 3 through flaky failed: the connection was refused'],
  [{ ...attempt, proxyId: undefined }, 'GET example.com:80: attempt 1 of 3 failed: the connection was refused'],
  [{ ...attempt, outcome: 'success', failure: undefined }, undefined],
  [ended, 'GET example.com:80: given up: Request failed after 3 attempts'],
  [{ ...ended, error: undefined, status: 503 }, 'GET example.com:80: given up: status 503'],
  [{ ...ended, outcome: 'cancelled', error: 'the client has gone' }, undefined],
  [{ type: 'breaker.reset', at: 0, proxyId: 'flaky' }, 'The circuit breaker of flaky was reset by hand'],
  [{ ...checked, isWorking: false, failure: attempt.failure }, 'A check of flaky failed: the connection was refused'],
  [checked, undefined],
  [{ type: 'pool.added', at: 0, proxyId: 'flaky' }, undefined],
])('%j is told as %j', (event, notice) => {
  expect(noticeOf(event)).toBe(notice);
});
