import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReset, readModelLimits } from './read-limits.ts';
import { estimateTokens, modelOf } from './request-size.ts';

const now = Date.UTC(2026, 10, 22, 12);

test.each([
  ['6m0s', 360_000],
  ['1m30.5s', 90_500],
  ['120ms', 120],
  ['1h2m3s', 3_723_000],
  ['8.64s', 8640],
  ['60', 60_000],
  ['2026-11-22T12:00:07Z', 7000],
  ['2026-11-22T11:59:00Z', 0],
  ['soon', undefined],
  ['', undefined],
  ['-5', undefined],
  [null, undefined],
])('a reset of %s is in %s ms', (text, ms) => {
  expect(parseReset(text, now)).toBe(ms);
});

test('any text gives a wait of 0 or more, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\dhms.]{1,9}$/)), (text) => {
      const ms = parseReset(text, now);
      expect(ms === undefined || ms >= 0).toBe(true);
    }),
  );
});

test('reads what OpenAI and its likes say', () => {
  const headers = new Headers({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '6m0s',
  });
  expect(readModelLimits(headers, now)).toEqual({
    requests: { remaining: 59, limit: 60, resetMs: 1000 },
    tokens: { remaining: 0, limit: 150_000, resetMs: 360_000 },
  });
});

test('reads what Anthropic says, by the clock of the server', () => {
  const headers = new Headers({
    date: 'Sun, 22 Nov 2026 12:00:00 GMT',
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2026-11-22T12:00:30Z',
    'anthropic-ratelimit-input-tokens-remaining': '1000',
    'anthropic-ratelimit-input-tokens-reset': '2026-11-22T12:01:00Z',
  });
  expect(readModelLimits(headers, now + 999_999)).toEqual({
    requests: { remaining: 0, limit: 50, resetMs: 30_000 },
    tokens: { remaining: 1000, limit: undefined, resetMs: 60_000 },
  });
  expect(readModelLimits(new Headers(), now)).toEqual({ requests: undefined, tokens: undefined });
});

test('what a request will take is read from its body, not from the texts in it', () => {
  const body = JSON.stringify({
    messages: [{ content: '"max_tokens": 99, "model": "no"' }],
    max_tokens: 100,
    model: 'm',
  });
  expect(estimateTokens(body)).toBe(Math.ceil(body.length / 4) + 100);
  expect(modelOf(body)).toBe('m');
  expect([estimateTokens(''), modelOf('')]).toEqual([0, undefined]);
});
