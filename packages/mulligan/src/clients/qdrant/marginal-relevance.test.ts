import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseDiverse } from './marginal-relevance.ts';

const query = [1, 0];
const vectors = [
  [1, 0.1],
  [1, 0.11],
  [0, 1],
];

test('with lambda 1 the nearest are chosen, with a small one those that differ', () => {
  expect(chooseDiverse(query, vectors, { k: 2, lambda: 1 })).toEqual([0, 1]);
  expect(chooseDiverse(query, vectors, { k: 2, lambda: 0.3 })).toEqual([0, 2]);
});

test('each place is chosen once, as many as there are', () => {
  const list = fc.array(fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 2, maxLength: 2 }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(list, fc.nat({ max: 10 }), fc.double({ min: 0, max: 1, noNaN: true }), (vectors, k, lambda) => {
      const chosen = chooseDiverse(query, vectors, { k, lambda });
      expect(chosen).toHaveLength(Math.min(k, vectors.length));
      expect(new Set(chosen).size).toBe(chosen.length);
    }),
  );
});
