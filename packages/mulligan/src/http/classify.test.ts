import { describe, expect, test } from 'vitest';
import type { ResponseHint } from './hints.ts';
import { adviseOnError, adviseOnResponse, holdOf, type HintRules, type ResponseFacts } from './classify.ts';

const rules: HintRules = { maxHintMs: 60_000, ifHintTooLong: 'fail' };
const get = { isIdempotent: true, canResend: true };
const post = { isIdempotent: false, canResend: true };
const stream = { isIdempotent: true, canResend: false };
const after = (seconds: number, source: ResponseHint['source'] = 'retry-after'): ResponseHint => ({
  waitMs: seconds * 1000,
  source,
});

function response(status: number, more: Partial<ResponseFacts> = {}): ResponseFacts {
  const isRetryable = [408, 425, 429, 500, 502, 503, 504].includes(status);
  return { status, isRetryable, shouldRetry: undefined, hint: undefined, ...more };
}

describe('a response', () => {
  test('that cannot be bettered is fine', () => {
    expect(adviseOnResponse(response(404), get, rules)).toBeUndefined();
  });

  test('with a status of a busy server is tried again', () => {
    expect(adviseOnResponse(response(503), get, rules)).toEqual({ retry: true });
  });

  test.each([500, 502, 503, 504])('%i may have been processed: a POST is not repeated', (status) => {
    expect(adviseOnResponse(response(status), post, rules)).toEqual({ retry: false, reason: 'not-idempotent' });
  });

  test.each([408, 425, 429])('%i was not processed: even a POST is repeated', (status) => {
    expect(adviseOnResponse(response(status), post, rules)).toEqual({ retry: true });
  });

  test('503 with Retry-After was not processed; with a mere quota it may have been', () => {
    const advice = { retry: true, atLeastMs: 2000, source: 'retry-after' };
    expect(adviseOnResponse(response(503, { hint: after(2) }), post, rules)).toEqual(advice);
    const quota = adviseOnResponse(response(503, { hint: after(2, 'rate-limit') }), post, rules);
    expect(quota).toEqual({ retry: false, reason: 'not-idempotent' });
  });

  test('is not tried again against the word of the server, and is at its word', () => {
    const no = adviseOnResponse(response(503, { shouldRetry: false }), get, rules);
    expect(no).toEqual({ retry: false, reason: 'server-said-no' });
    expect(adviseOnResponse(response(404, { shouldRetry: false }), get, rules)).toBeUndefined();
    expect(adviseOnResponse(response(409, { shouldRetry: true }), post, rules)).toEqual({ retry: true });
  });

  test('is not tried again when the body is gone', () => {
    expect(adviseOnResponse(response(503), stream, rules)).toEqual({ retry: false, reason: 'body-not-replayable' });
  });

  test('with a hint that is too long fails, is cut short, or is waited for as if there were none', () => {
    const limited = response(429, { hint: after(61) });
    const advise = (ifHintTooLong: HintRules['ifHintTooLong']) =>
      adviseOnResponse(limited, get, { ...rules, ifHintTooLong });
    expect(advise('fail')).toEqual({ retry: false, reason: 'hint-too-long' });
    expect(advise('clamp')).toEqual({ retry: true, atLeastMs: 60_000, source: 'retry-after' });
    expect(advise('ignore')).toEqual({ retry: true });
    expect(adviseOnResponse(response(429, { hint: after(60) }), get, rules)?.atLeastMs).toBe(60_000);
  });
});

describe('an error', () => {
  const error = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: { code } });

  test('of a connection that was never made is safe to repeat for every method', () => {
    expect(adviseOnError(error('ECONNREFUSED'), post)).toEqual({ retry: true });
    expect(adviseOnError(error('ENOTFOUND'), post)).toEqual({ retry: true });
  });

  test('of a connection that broke is not, for a POST', () => {
    expect(adviseOnError(error('ECONNRESET'), get)).toEqual({ retry: true });
    expect(adviseOnError(error('ECONNRESET'), post)).toEqual({ retry: false, reason: 'not-idempotent' });
    expect(adviseOnError(error('ECONNREFUSED'), stream)).toEqual({ retry: false, reason: 'body-not-replayable' });
  });
});

test('a 429 or a 503 that says how long holds all calls, no longer than is allowed', () => {
  expect(holdOf(response(429, { hint: after(5) }), rules)).toBe(5000);
  expect(holdOf(response(503, { hint: after(5) }), rules)).toBe(5000);
  expect(holdOf(response(500, { hint: after(5) }), rules)).toBeUndefined();
  expect(holdOf(response(429), rules)).toBeUndefined();
  expect(holdOf(response(429, { hint: after(99) }), rules)).toBeUndefined();
  expect(holdOf(response(429, { hint: after(99) }), { ...rules, ifHintTooLong: 'clamp' })).toBe(60_000);
});
