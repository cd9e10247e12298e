import { describe, expect, test } from 'vitest';
import type { AttemptContext } from '../kernel/index.ts';
import { clientErrors } from './client-errors.ts';
import { isQuotaExhausted } from './quota.ts';

const adviceOn = clientErrors({ maxHintWait: '30s', world: { wallNow: () => 0 } });
const advise = (error: unknown) => adviceOn(error, {} as AttemptContext);
const error = (fields: object): Error => Object.assign(new Error('x'), fields);
const wait = (ms: number) => ({ retry: true, atLeastMs: ms, source: 'retry-after' });

class QdrantClientTimeoutError extends Error {}
class APIConnectionTimeoutError extends Error {}

describe('what deserves another attempt', () => {
  test.each([
    ['a status of OpenAI, Anthropic or Qdrant', error({ status: 503 }), true],
    ['a status of the AI SDK', error({ statusCode: 500 }), true],
    ['a status of Hugging Face', error({ httpResponse: { status: 502 } }), true],
    ['a reset below a client', error({ cause: error({ code: 'ECONNRESET' }) }), true],
    ['the last error of the AI SDK', error({ lastError: error({ statusCode: 503 }) }), true],
    ['the time limit of Qdrant’s client', new QdrantClientTimeoutError('This operation was aborted'), true],
    ['the time limit of OpenAI’s client', new APIConnectionTimeoutError('Request timed out.'), true],
    ['a 429 of Qdrant whose wait is a date', new Error('Invalid retryAfter value: S'), true],
    ['what the server wants to be tried again', error({ status: 400, headers: { 'x-should-retry': 'true' } }), true],
    ['a wrong request', error({ status: 400 }), false],
    ['a wrong request of Hugging Face', error({ httpResponse: { status: 404 } }), false],
    ['an abort', new DOMException('x', 'AbortError'), false],
    ['a mistake', new TypeError('x is not a function'), false],
    ['no error at all', undefined, false],
    ['an error without a class', Object.assign(Object.create(null) as object, { message: 'x' }), false],
  ])('%s', (_, given, answer) => {
    expect(advise(given)).toBe(answer);
  });
});

test('what a server does not want to be tried again is not', () => {
  const advice = { retry: false, reason: 'server-said-no' };
  expect(advise(error({ status: 503, headers: new Headers({ 'x-should-retry': 'false' }) }))).toEqual(advice);
});

describe('how long to wait', () => {
  test.each([
    [
      'headers as OpenAI keeps them',
      error({ status: 429, headers: new Headers({ 'retry-after-ms': '1500' }) }),
      wait(1500),
    ],
    [
      'headers as the AI SDK keeps them',
      error({ statusCode: 429, responseHeaders: { 'Retry-After': '2' } }),
      wait(2000),
    ],
    ['headers as axios keeps them', error({ response: { status: 429, headers: { 'retry-after': '2' } } }), wait(2000)],
    ['the wait of Qdrant’s client', error({ retry_after: 7 }), wait(7000)],
    ['an error of ours', error({ status: 429, retryAfterMs: 5 }), wait(5)],
    [
      'longer than allowed',
      error({ status: 429, headers: { 'retry-after': '31' } }),
      { retry: false, reason: 'hint-too-long' },
    ],
    [
      'an empty account',
      error({ status: 429, code: 'insufficient_quota' }),
      { retry: false, reason: 'server-said-no' },
    ],
  ])('%s', (_, given, answer) => {
    expect(advise(given)).toEqual(answer);
  });
});

test.each([
  [{ error: { type: 'insufficient_quota' } }, true],
  [{ data: { error: { code: 'billing_hard_limit_reached' } } }, true],
  [{ error: { type: 'billing_error' } }, true],
  [{ error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } }, false],
  [{ code: 429 }, false],
  ['insufficient_quota', false],
  [null, false],
])('a quota is used up by %j: %s', (body, answer) => {
  expect(isQuotaExhausted(body)).toBe(answer);
});

test('mistakes are answered in sentences', () => {
  expect(() => clientErrors({ maxHint: 1 } as never)).toThrow('clientErrors has no option');
  expect(() => clientErrors({ maxHintWait: -1 })).toThrow('maxHintWait must be');
});
