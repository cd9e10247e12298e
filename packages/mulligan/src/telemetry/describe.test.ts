import { expect, test } from 'vitest';
import type { MulliganEvent } from '../kernel/index.ts';
import { describe } from './describe.ts';

const named = { at: 0, name: 'search' };
const cause = new Error('no');

const sentences: readonly [MulliganEvent, string][] = [
  [
    { ...named, type: 'breaker.transition', from: 'closed', to: 'open', reason: 'failures', failures: 5 },
    'warn search: circuit breaker went from closed to open: as many failures as allowed within the window',
  ],
  [
    { ...named, type: 'breaker.rejected', retryAfterMs: 30_000 },
    'debug search: refused by the open circuit breaker; it tries again in 30 s',
  ],
  [{ ...named, type: 'timeout.expired', timeoutMs: 2000 }, 'warn search: took longer than 2 s'],
  [
    { ...named, type: 'retry.nested', outer: 'page', attempts: 25 },
    'warn search: retries inside the retries of page can make 25 attempts of one call',
  ],
  [{ ...named, type: 'fallback.used', cause }, 'warn search: failed (no); answered by the fallback'],
  [{ ...named, type: 'rate-limit.delayed', waitMs: 250 }, 'debug search: the rate limit lets it wait for up to 250 ms'],
  [
    { ...named, type: 'rate-limit.rejected', retryAfterMs: 1500 },
    'warn search: refused by the rate limit; there is room in 1.5 s',
  ],
  [{ ...named, type: 'hedge.started', hedge: 1, afterMs: 90 }, 'debug search: not ended after 90 ms; a hedge was sent'],
  [{ ...named, type: 'hedge.won', hedge: 1, durationMs: 120 }, 'debug search: a hedge was first, after 120 ms'],
  [{ ...named, type: 'hedge.refused' }, 'debug search: a hedge was due, but there have been too many'],
  [{ ...named, type: 'http.held', holdMs: 60_000 }, 'warn search: asked for a pause; every call to it waits for 60 s'],
];

test.each(sentences)('an event is told in a sentence: %o', (event, sentence) => {
  const { severity, message, fields } = describe(event);
  expect(`${severity} ${message}`).toBe(sentence);
  expect(fields['name']).toBe('search');
});
