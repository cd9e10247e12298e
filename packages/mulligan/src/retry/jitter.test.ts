import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidOptionError } from '../kernel/index.ts';
import { type Jitter, type JitterInput, resolveJitter } from './jitter.ts';

const input = (changes: Partial<JitterInput> & { drawn: number }): JitterInput => ({
  rawMs: 1000,
  initialMs: 100,
  maxMs: 5000,
  previousMs: undefined,
  random: () => changes.drawn,
  ...changes,
});

test.each<[Jitter, number, number]>([
  ['none', 1000, 1000],
  ['full', 0, 1000],
  ['equal', 500, 1000],
  [{ plusMinus: 0.25 }, 750, 1250],
  [{ add: 1000 }, 1000, 2000],
  [{ add: '2s' }, 1000, 3000],
])('%o makes of a wait of 1000 ms anything from %d to %d', (jitter, least, most) => {
  const apply = resolveJitter(jitter);
  expect(apply(input({ drawn: 0 }))).toBe(least);
  expect(apply(input({ drawn: 1 }))).toBe(most);
});

test('at the cap, jitter still spreads: it is applied to the capped wait', () => {
  const capped = { rawMs: 1e9, maxMs: 5000 };
  expect(resolveJitter('full')(input({ ...capped, drawn: 0.5 }))).toBe(2500);
  expect(resolveJitter('equal')(input({ ...capped, drawn: 0 }))).toBe(2500);
  expect(resolveJitter({ plusMinus: 0.5 })(input({ ...capped, drawn: 0 }))).toBe(2500);
});

test('what is added is added before the cap, as stamina does it', () => {
  expect(resolveJitter({ add: 1000 })(input({ rawMs: 4500, drawn: 1 }))).toBe(5000);
});

test('only who asks for it waits longer than the cap', () => {
  const capped = { rawMs: 1e9, maxMs: 60_000, drawn: 1 };
  expect(resolveJitter({ plusMinus: 0.25 })(input(capped))).toBe(60_000);
  expect(resolveJitter({ plusMinus: 0.25, mayExceedMax: true })(input(capped))).toBe(75_000);
});

test('decorrelated: the first is full, the next go from the first wait to three times the wait before', () => {
  const apply = resolveJitter('decorrelated');
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (previousMs, drawn) => {
      const first = apply(input({ drawn }));
      expect(first).toBeLessThanOrEqual(100);
      const next = apply(input({ previousMs, drawn }));
      expect(next).toBeGreaterThanOrEqual(Math.min(100, 3 * previousMs));
      expect(next).toBeLessThanOrEqual(Math.min(5000, Math.max(100, 3 * previousMs)));
    }),
  );
});

test('an even spread stays even: the mean of many full waits is half of the wait', () => {
  const apply = resolveJitter('full');
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += apply(input({ drawn: (i + 0.5) / 1000 }));
  expect(sum / 1000).toBeCloseTo(500, 0);
});

test.each([
  ['some', `jitter must be 'none', 'full', 'equal', 'decorrelated', { plusMinus: 0.25 } or { add: 1000 }, got "some"`],
  ['toString', 'jitter must be'],
  [null, 'jitter must be'],
  [0.5, 'jitter must be'],
  [{ plusMinus: 2 }, 'jitter.plusMinus must be a number from 0 to 1, got 2'],
  [{ add: -1 }, 'jitter.add must be a duration'],
  [{ add: 1, plusMinus: 0.5 }, `jitter has no option 'plusMinus'`],
])('%o is answered in a sentence', (jitter, sentence) => {
  expect(() => resolveJitter(jitter as Jitter)).toThrow(InvalidOptionError);
  expect(() => resolveJitter(jitter as Jitter)).toThrow(sentence);
});
