import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../kernel/index.ts';
import {
  type Backoff,
  type BackoffOptions,
  constant,
  decorrelated,
  exponential,
  fibonacci,
  linear,
  resolveBackoff,
} from './backoff.ts';
import type { Jitter } from './jitter.ts';

const half = (): number => 0.5;
const series = (backoff: Backoff, length: number, random = half): number[] => {
  const waits: number[] = [];
  for (let retry = 1; retry <= length; retry++) waits.push(backoff(retry, waits.at(-1), random));
  return waits;
};

describe('the schedules, without jitter', () => {
  test.each<[string, Backoff, number[]]>([
    ['exponential', exponential({ jitter: 'none' }), [100, 200, 400, 800, 1600]],
    ['exponential by 3', exponential({ initial: '1s', factor: 3, jitter: 'none' }), [1000, 3000, 9000, 20_000, 20_000]],
    ['linear', linear({ initial: '2s', max: '7s', jitter: 'none' }), [2000, 4000, 6000, 7000, 7000]],
    ['constant', constant('3s'), [3000, 3000, 3000]],
    ['fibonacci', fibonacci({ initial: 1, jitter: 'none' }), [1, 1, 2, 3, 5, 8, 13]],
    ['a cap below the first wait', exponential({ initial: '5s', max: '2s', jitter: 'none' }), [2000, 2000]],
    ['no cap', exponential({ initial: 1, max: Number.POSITIVE_INFINITY, jitter: 'none' }), [1, 2, 4]],
    ['nothing', exponential({ initial: 0, jitter: 'none' }), [0, 0, 0]],
  ])('%s', (_name, backoff, waits) => {
    expect(series(backoff, waits.length)).toEqual(waits);
    expect(waits.map((_, index) => backoff.nominalMs(index + 1))).toEqual(waits);
  });
});

test('a formula too large for a number gives the cap', () => {
  for (const retry of [1025, 2000, 10_000, 1e9]) {
    expect(exponential({ max: '5s', jitter: 'none' })(retry, undefined, half)).toBe(5000);
    expect(fibonacci({ max: '5s', jitter: 'none' })(retry, undefined, half)).toBe(5000);
    expect(exponential({ initial: 0, max: '5s', jitter: { add: 0 } })(retry, undefined, half)).toBeLessThanOrEqual(
      5000,
    );
  }
});

test('decorrelated waits lie between the first wait and three times the wait before', () => {
  const backoff = decorrelated({ initial: 100, max: '20s' });
  expect(backoff(1, undefined, half)).toBe(50);
  expect(backoff(2, 1000, () => 0)).toBe(100);
  expect(backoff(2, 1000, () => 1)).toBe(3000);
  expect(backoff(2, 1_000_000, half)).toBe(20_000);
  expect(backoff.nominalMs(3)).toBe(400);
});

const jitters = fc.oneof(
  fc.constantFrom<Jitter>('none', 'full', 'equal', 'decorrelated'),
  fc.record({ plusMinus: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ add: fc.nat({ max: 10_000 }) }),
);
const options: fc.Arbitrary<BackoffOptions> = fc.record({
  initial: fc.nat({ max: 100_000 }),
  max: fc.nat({ max: 1_000_000 }),
  jitter: jitters,
});
const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

test('no schedule with any jitter ever waits less than nothing or more than its cap', () => {
  const makers = fc.constantFrom(exponential, linear, fibonacci);
  fc.assert(
    fc.property(makers, options, fc.integer({ min: 1, max: 5000 }), chance, (make, given, retry, drawn) => {
      const wait = make(given)(retry, retry === 1 ? undefined : drawn * 1e6, () => drawn);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(given.max as number);
    }),
    { numRuns: 2000 },
  );
});

test('nominal waits never get shorter', () => {
  const makers = fc.constantFrom(exponential, linear, fibonacci);
  fc.assert(
    fc.property(makers, options, fc.integer({ min: 1, max: 2000 }), (make, given, retry) => {
      const { nominalMs } = make(given);
      expect(nominalMs(retry + 1)).toBeGreaterThanOrEqual(nominalMs(retry));
    }),
  );
});

test('the nominal wait is a lower bound where jitter adds, and the upper bound where it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), chance, (retry, drawn) => {
      const adding = exponential({ jitter: { add: 1000 } });
      const taking = exponential({ jitter: 'full' });
      expect(adding(retry, undefined, () => drawn)).toBeGreaterThanOrEqual(adding.nominalMs(retry));
      expect(taking(retry, undefined, () => drawn)).toBeLessThanOrEqual(taking.nominalMs(retry));
    }),
  );
});

describe('a function of your own', () => {
  test('gets the retry, the wait before and chance', () => {
    const backoff = resolveBackoff((retry, previousMs, random) => retry * 100 + (previousMs ?? 0) + random());
    expect(backoff(1, undefined, half)).toBe(100.5);
    expect(backoff(2, 100.5, half)).toBe(301);
    expect(backoff.nominalMs(2)).toBe(200);
  });

  test.each([-1, Number.NaN, undefined, '5'])('that returns %o is answered in a sentence', (wait) => {
    const backoff = resolveBackoff(() => wait as number);
    expect(() => backoff(1, undefined, half)).toThrow(/^backoff must return a wait of at least 0 ms, got/);
  });
});

test.each([
  [() => exponential({ factor: 0.5 }), 'exponential.factor must be a number of at least 1, got 0.5'],
  [() => exponential({ initial: -1 }), 'exponential.initial must be a duration'],
  [() => linear({ max: 'soon' as never }), 'linear.max must be a duration'],
  [() => fibonacci({ base: 1 } as never), `fibonacci has no option 'base'`],
  [() => decorrelated({ jitter: 'full' } as never), `decorrelated has no option 'jitter'`],
  [() => resolveBackoff(100 as never), 'backoff must be a function, got 100'],
])('bad options are answered in sentences', (make, sentence) => {
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(sentence);
});
