import fc from 'fast-check';
import { seededRandom } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { Parking } from './parking.ts';
import { RankTree } from './rank-tree.ts';
import { WeightTree } from './weight-tree.ts';

const changes = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.option(fc.integer({ min: -5, max: 5 }))), { maxLength: 80 });

test('the best slot is the one that a search would find, the first of several', () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const tree = new RankTree();
      const ranks: (number | undefined)[] = [];
      for (const [slot, rank] of steps) {
        tree.reserve(slot + 1);
        if (rank === null) tree.clear(slot);
        else tree.set(slot, rank);
        ranks[slot] = rank ?? undefined;
        const known = ranks.filter((value) => value !== undefined);
        const best = known.length === 0 ? undefined : ranks.indexOf(Math.max(...known));
        expect(tree.best()).toBe(best);
      }
    }),
  );
});

test('filling a tree is as good as setting one slot after the other, whatever was in it', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: Number.NaN }), { maxLength: 40 });
  fc.assert(
    fc.property(values, values, fc.double({ min: 0, max: 0.999, noNaN: true }), (before, after, chance) => {
      const slots = Math.max(before.length, after.length);
      for (const make of [() => new RankTree(), () => new WeightTree()]) {
        const [filled, set] = [make(), make()];
        const look = (tree: RankTree | WeightTree) =>
          tree instanceof RankTree ? tree.best() : tree.draw(() => chance);
        filled.fill(before.length, (slot) => before[slot]!);
        filled.fill(slots, (slot) => after[slot] ?? Number.NaN);
        set.reserve(slots);
        for (const [slot, value] of after.entries()) if (!Number.isNaN(value)) set.set(slot, value);
        expect(look(filled)).toBe(look(set));
      }
    }),
  );
});

test('slots are drawn as often as their weights say, and never without any', () => {
  const tree = new WeightTree();
  const random = seededRandom(7);
  tree.reserve(3);
  expect(tree.draw(random)).toBeUndefined();
  const weights = [1, 0, 3, 0, 6];
  tree.reserve(weights.length);
  for (const [slot, weight] of weights.entries()) tree.set(slot, weight);
  const counts = weights.map(() => 0);
  for (let i = 0; i < 10_000; i++) counts[tree.draw(random)!]!++;
  for (const [slot, weight] of weights.entries()) expect(counts[slot]! / 10_000).toBeCloseTo(weight / 10, 1);
  expect([counts[1], counts[3]]).toEqual([0, 0]);
});

test('a draw at the very edge of chance still takes a slot with weight', () => {
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1e12, noNaN: true }));
  const edge = fc.constantFrom(0, Number.EPSILON, 0.5, 1 - Number.EPSILON / 2);
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), edge, (weights, chance) => {
      const tree = new WeightTree();
      tree.reserve(weights.length);
      for (const [slot, value] of weights.entries()) tree.set(slot, value);
      const drawn = tree.draw(() => chance);
      if (weights.every((value) => value === 0)) expect(drawn).toBeUndefined();
      else expect(weights[drawn!]).toBeGreaterThan(0);
    }),
  );
});

test('what is parked comes out when it is due, the earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100 }), { maxLength: 50 }), fc.nat({ max: 100 }), (times, nowMs) => {
      const parking = new Parking<number>();
      for (const time of times) parking.add(time, time);
      const taken: number[] = [];
      for (let due = parking.takeDue(nowMs); due !== undefined; due = parking.takeDue(nowMs)) taken.push(due);
      const expected = times.filter((time) => time <= nowMs).toSorted((a, b) => a - b);
      expect(taken).toEqual(expected);
      expect(parking.earliestMs).toBe(Math.min(...times.filter((time) => time > nowMs), Number.POSITIVE_INFINITY));
    }),
  );
});
