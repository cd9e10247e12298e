import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../testing/index.ts';
import { MovingQuantile } from './quantile.ts';

const shapes: Record<string, (u: number) => number> = {
  uniform: (u) => 100 * u,
  exponential: (u) => -50 * Math.log(1 - u),
  'two-humped': (u) => (u < 0.9 ? 10 + u : 500 + u),
};

test('it settles where the wished-for share of the samples is below it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(shapes)),
      fc.constantFrom(0.5, 0.8, 0.95),
      fc.integer(),
      (shape, quantile, seed) => {
        const random = seededRandom(seed);
        const estimate = new MovingQuantile(quantile, 100);
        const sample = (): number => shapes[shape]!(random());
        for (let i = 0; i < 3000; i++) estimate.add(sample());
        let below = 0;
        for (let i = 0; i < 3000; i++) {
          const next = sample();
          if (next <= estimate.value) below++;
          estimate.add(next);
        }
        expect(Math.abs(below / 3000 - quantile)).toBeLessThan(0.04);
      },
    ),
    { numRuns: 60 },
  );
});

test('it follows when calls become slower', () => {
  const random = seededRandom(7);
  const estimate = new MovingQuantile(0.95, 100);
  for (let i = 0; i < 2000; i++) estimate.add(100 * random());
  const before = estimate.value;
  for (let i = 0; i < 2000; i++) estimate.add(1000 * random());
  expect(before).toBeGreaterThan(80);
  expect(before).toBeLessThan(105);
  expect(estimate.value).toBeGreaterThan(850);
});

test('each sample moves it by the rule', () => {
  const estimate = new MovingQuantile(0.5, 3);
  const values = [10, 20, 30, 0].map((sample) => {
    estimate.add(sample);
    return Number(estimate.value.toFixed(4));
  });
  expect(values).toEqual([10, 10.1, 10.2658, 10.0121]);
});

test('calls that all take the same time are met exactly', () => {
  const estimate = new MovingQuantile(0.95, 100);
  expect(estimate.value).toBe(0);
  for (let i = 0; i < 100; i++) estimate.add(42);
  expect(estimate.value).toBe(42);
  expect(estimate.samples).toBe(100);
});
