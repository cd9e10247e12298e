import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Criterion, isMet } from '../bench/criteria/criterion.mjs';
import { measureAll } from '../bench/criteria/measure-all.mjs';
import { root } from './support/root.ts';

/** Those that no busy machine can spoil. */
const unhurried = ['SC-001', 'SC-002', 'SC-005', 'SC-008', 'SC-009', 'SC-010', 'memory'];
const hurried = ['SC-003', 'SC-004', 'SC-006', 'SC-007', 'check', 'record', 'no retry', 'selection', 'swap'];

let criteria: readonly Criterion[] = [];
beforeAll(async () => {
  criteria = await measureAll({ isQuick: true });
});

it('every success criterion is measured', () => {
  expect(criteria.map(({ id }) => id).toSorted()).toEqual([...unhurried, ...hurried].toSorted());
  expect(criteria.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
});

it('and those that depend on no clock are met, or half met where the quick measurement has but a small sample', () => {
  const enough = criteria.map((criterion) =>
    criterion.isGood === 'at least' ? { ...criterion, limit: criterion.limit / 2 } : criterion,
  );
  expect(enough.filter((criterion) => unhurried.includes(criterion.id) && !isMet(criterion))).toEqual([]);
});

it('docs/success-criteria.md shows them (else run npm run criteria -- --docs)', () => {
  const page = readFileSync(join(root, 'docs/success-criteria.md'), 'utf8');
  const shown = [...page.matchAll(/^\| (?<id>[^|]+) \| (?<says>[^|]+) \|.*\| (?:met|\*\*missed\*\*) \|$/gmu)];
  expect(shown.map(({ groups }) => `${groups!['id']}: ${groups!['says']}`)).toEqual(
    criteria.map(({ id, says }) => `${id}: ${says}`),
  );
});
