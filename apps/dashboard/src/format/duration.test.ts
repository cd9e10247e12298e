import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDay, formatDuration, formatMoment, formatUptime } from './duration.ts';

test.each([
  [null, '–'],
  [0, '0.0 ms'],
  [0.0004, '0.4 ms'],
  [0.012, '12 ms'],
  [0.9994, '999 ms'],
  [0.9996, '1.00 s'],
  [1.236, '1.24 s'],
  [14.2, '14.2 s'],
  [95, '95.0 s'],
  [130, '130 s'],
])('%d s is shown as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('no duration takes more than seven characters', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9999, noNaN: true }), (seconds) => {
      expect(formatDuration(seconds).length).toBeLessThanOrEqual(7);
    }),
  );
});

test.each([
  [0, '0 s'],
  [0.4, '0 s'],
  [48.9, '48 s'],
  [60, '1 m 0 s'],
  [725, '12 m 5 s'],
  [12_000, '3 h 20 m'],
  [352_800, '4 d 2 h'],
])('%d s of running is %s', (seconds, text) => {
  expect(formatUptime(seconds)).toBe(text);
});

test('a moment of today is a time, any other has its day', () => {
  const moment = new Date(2030, 0, 5, 12, 34, 56);
  expect(formatMoment(moment.toISOString(), moment)).toBe('12:34:56');
  expect(formatMoment(moment.toISOString(), new Date(2030, 0, 6))).toBe('5 Jan, 12:34:56');
  expect(formatDay(moment)).toBe('5 Jan');
});
