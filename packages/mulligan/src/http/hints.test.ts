import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttpDate } from './http-date.ts';
import { readHint, readShouldRetry } from './hints.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const later = (seconds: number): string => new Date(now + seconds * 1000).toUTCString();
const epoch = (seconds: number): string => String(now / 1000 + seconds);

function waitOf(headers: Record<string, string>, status = 429): number | undefined {
  return readHint(new Headers(headers), status, now)?.waitMs;
}

describe('how long a response asks to wait', () => {
  test.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['seconds with a fraction', { 'retry-after': '1.5' }, 1500],
    ['no wait at all', { 'retry-after': '0' }, 0],
    ['a field set twice: the longer', { 'retry-after': '5, 30' }, 30_000],
    ['a date', { 'retry-after': later(30) }, 30_000],
    ['a date that has passed', { 'retry-after': later(-30) }, 0],
    ['a date, by a server whose clock is an hour ahead', { 'retry-after': later(3610), date: later(3600) }, 10_000],
    ['milliseconds before everything else', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['seconds when the milliseconds are nonsense', { 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
    ['the quota that is used up', { ratelimit: '"default";r=0;t=30' }, 30_000],
    [
      'of several quotas that are used up the longest',
      { ratelimit: '"a";r=0;t=5, "b";r=0;t=40, "c";r=3;t=99' },
      40_000,
    ],
    ['a quota whose name looks like parameters', { ratelimit: '"x;r=0;t=1,y";r=0;t=7' }, 7000],
    ['a quota as the draft once was', { ratelimit: 'limit=100, remaining=0, reset=12' }, 12_000],
    ['the reset of old drafts', { 'ratelimit-remaining': '0', 'ratelimit-reset': '20' }, 20_000],
    ['a reset from now', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40' }, 40_000],
    ['a reset since 1970 in seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(50) }, 50_000],
    ['a reset since 1970 in milliseconds', { 'x-ratelimit-reset': String(now + 60_000) }, 60_000],
    ['a reset by a server whose clock is behind', { 'x-ratelimit-reset': epoch(-90), date: later(-100) }, 10_000],
    ['Retry-After before a quota', { 'retry-after': '3', ratelimit: '"a";r=0;t=99' }, 3000],
  ])('%s', (_what, headers, waitMs) => {
    expect(waitOf(headers)).toBe(waitMs);
  });

  test.each([
    ['nothing', {}],
    ['words', { 'retry-after': 'in a while' }],
    ['a negative number', { 'retry-after': '-5' }],
    ['a number that Date.parse would take for a year', { 'retry-after': '2026x' }],
    ['an ISO date, which is no HTTP-date', { 'retry-after': '2026-11-22T12:00:00Z' }],
    ['a quota that is not used up', { ratelimit: '"default";r=5;t=30' }],
    ['a malformed quota', { ratelimit: '"default;r=0;t=30' }],
    ['a reset while something remains', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '40' }],
  ])('%s says nothing', (_what, headers) => {
    expect(waitOf(headers)).toBeUndefined();
  });

  test('a quota counts for 429 and 503 only, Retry-After for every status', () => {
    const quota = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40' };
    expect(waitOf(quota, 503)).toBe(40_000);
    expect(waitOf(quota, 502)).toBeUndefined();
    expect(waitOf({ 'x-ratelimit-reset': '40' }, 503)).toBeUndefined();
    expect(waitOf({ 'retry-after': '4' }, 502)).toBe(4000);
  });

  test('it says where it comes from', () => {
    expect(readHint(new Headers({ 'retry-after': '1' }), 503, now)?.source).toBe('retry-after');
    expect(readHint(new Headers({ ratelimit: '"a";r=0;t=1' }), 429, now)?.source).toBe('rate-limit');
  });

  const fields = ['retry-after-ms', 'retry-after', 'date', 'ratelimit', 'ratelimit-reset', 'x-ratelimit-reset'];
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.double().map(String),
    fc.constantFrom('"a";r=0;t=', 'remaining=0,reset=', '"";;;===', later(5), `${later(5)},${later(9)}`),
  );

  test('no header, however wild, makes it throw or gives a wait that is no number of 0 or more', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...fields), value),
        fc.integer({ min: 100, max: 599 }),
        (given, status) => {
          const hint = readHint({ get: (name) => given[name] ?? null }, status, now);
          return hint === undefined || hint.waitMs >= 0;
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('HTTP-dates', () => {
  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    '%s',
    (text) => {
      expect(parseHttpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  test('every date that the platform writes is read back', () => {
    const seconds = fc.integer({ min: 0, max: 4_102_444_800 });
    fc.assert(fc.property(seconds, (value) => parseHttpDate(new Date(value * 1000).toUTCString()) === value * 1000));
  });

  test('anything else is no date', () => {
    expect(parseHttpDate('Sun, 99 Nov 1994 08:49:37 GMT')).toBeUndefined();
    expect(parseHttpDate('1')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => parseHttpDate(text) === undefined));
  });
});

test('x-should-retry is yes, no or nothing', () => {
  const read = (text: string) => readShouldRetry(new Headers({ 'x-should-retry': text }));
  expect([read('true'), read('False'), read('maybe'), readShouldRetry(new Headers())]).toEqual([
    true,
    false,
    undefined,
    undefined,
  ]);
});
