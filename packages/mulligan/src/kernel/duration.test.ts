import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Duration, formatMs, isDuration, toMs } from './duration.ts';
import { InvalidOptionError } from './error.ts';

test.each<[Duration, number]>([
  [0, 0],
  [250, 250],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['250ms', 250],
  ['1.5s', 1500],
  ['.5s', 500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  [{ seconds: 30 }, 30_000],
  [{ days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }, 90_061_001],
])('reads %o as %d ms', (value, ms) => {
  expect(toMs(value)).toBe(ms);
  expect(isDuration(value)).toBe(true);
});

test.each([
  -1,
  Number.NaN,
  '',
  '5',
  'ms',
  '5 seconds',
  '1e3ms',
  '-1s',
  '1s1ms',
  null,
  undefined,
  true,
  [],
  [1],
  {},
  Promise.resolve(1),
  { second: 1 },
  { seconds: -1 },
  { seconds: '1' },
])('refuses %o in a sentence that names the option', (value) => {
  const bad = value as Duration;
  expect(isDuration(bad)).toBe(false);
  expect(() => toMs(bad, 'timeout')).toThrow(InvalidOptionError);
  expect(() => toMs(bad, 'timeout')).toThrow(/^timeout must be a duration of 0 or more, such as 250 \(milliseconds\)/);
});

test('every amount with a unit means the same as its milliseconds', () => {
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  fc.assert(
    fc.property(
      fc.nat({ max: 1e6 }),
      fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])),
      (amount, unit) => {
        expect(toMs(`${amount}${unit}` as Duration)).toBe(amount * units[unit]);
      },
    ),
  );
});

test('any text is read as a duration of at least 0, or refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      if (isDuration(text)) expect(toMs(text)).toBeGreaterThanOrEqual(0);
      else expect(() => toMs(text as Duration)).toThrow(InvalidOptionError);
    }),
  );
});

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [12.34, '12.3 ms'],
  [1000, '1 s'],
  [1234, '1.2 s'],
  [119_999, '120 s'],
  [180_000, '3 m'],
  [7_200_000, '2 h'],
  [Number.POSITIVE_INFINITY, 'no limit'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});
