import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

test('there are never more hedges than the share of the calls and the burst', () => {
  const shares = fc.constantFrom(0, 0.01, 0.05, 0.1, 0.3, 1);
  fc.assert(
    fc.property(
      shares,
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.boolean(), { maxLength: 400 }),
      (share, burst, due) => {
        const allowance = new Allowance(share, burst);
        let taken = 0;
        due.forEach((isDue, i) => {
          allowance.payIn();
          if (isDue && allowance.tryTake()) taken++;
          expect(taken).toBeLessThanOrEqual(burst + share * (i + 1) + 1e-6);
        });
      },
    ),
  );
});

test('twenty calls pay for one hedge at five percent', () => {
  const allowance = new Allowance(0.05, 1);
  expect([allowance.tryTake(), allowance.tryTake()]).toEqual([true, false]);
  for (let call = 0; call < 19; call++) allowance.payIn();
  expect(allowance.tryTake()).toBe(false);
  allowance.payIn();
  expect(allowance.tryTake()).toBe(true);
});
