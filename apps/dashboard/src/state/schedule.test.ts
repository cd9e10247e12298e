import { RetryPolicy, type RetryPolicyJson } from '@mulligan/proxy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSteps, scheduleOf, type ScheduledPolicy } from './schedule.ts';

const policy = (change: Partial<RetryPolicyJson> = {}): ScheduledPolicy & Partial<RetryPolicyJson> => ({
  max_attempts: 4,
  backoff_strategy: 'exponential',
  base_delay: 1,
  multiplier: 2,
  max_backoff_delay: 3,
  jitter: false,
  timeout: null,
  ...change,
});

const anyPolicy = fc.record({
  max_attempts: fc.integer({ min: 1, max: 10 }),
  backoff_strategy: fc.constantFrom('exponential', 'linear', 'fixed'),
  base_delay: fc.double({ min: 0.1, max: 60, noNaN: true }),
  multiplier: fc.double({ min: 1.1, max: 10, noNaN: true }),
  max_backoff_delay: fc.double({ min: 1, max: 300, noNaN: true }),
  jitter: fc.constantFrom(true, false, 'decorrelated' as const),
  timeout: fc.option(fc.double({ min: 0.1, max: 1000, noNaN: true })),
});

/** The waits that the policy itself makes, in seconds. */
function realWaits(given: ScheduledPolicy, random: () => number): number[] {
  const { backoff, maxAttempts } = RetryPolicy.fromJson(given);
  const waits: number[] = [];
  for (let retry = 1; retry < maxAttempts; retry++) waits.push(backoff(retry, waits.at(-1), random));
  return waits.map((ms) => ms / 1000);
}

test('the waits are those of the policy, whatever chance says', () => {
  fc.assert(
    fc.property(
      anyPolicy,
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (given, chance) => {
        const random = (): number => chance.next().value as number;
        const { retries } = scheduleOf(given);
        const waits = realWaits(given, random);
        expect(waits).toHaveLength(retries.length);
        for (const [at, { shortest, longest }] of retries.entries()) {
          expect(waits[at]).toBeGreaterThanOrEqual(shortest - 1e-9);
          expect(waits[at]).toBeLessThanOrEqual(longest + 1e-9);
        }
      },
    ),
  );
});

test('the bands are as narrow as can be', () => {
  fc.assert(
    fc.property(anyPolicy, (given) => {
      const { retries } = scheduleOf(given);
      const longest = realWaits(given, () => 1);
      expect(retries.map((each) => each.longest)).toEqual(longest.map((wait) => expect.closeTo(wait, 6)));
      if (given.jitter === 'decorrelated') return;
      const shortest = realWaits(given, () => 0);
      expect(retries.map((each) => each.shortest)).toEqual(shortest.map((wait) => expect.closeTo(wait, 6)));
    }),
  );
});

test('without decorrelated chance the typical wait is the one that the policy names', () => {
  fc.assert(
    fc.property(anyPolicy, (given) => {
      if (given.jitter === 'decorrelated') return;
      const { backoff } = RetryPolicy.fromJson(given);
      const { retries } = scheduleOf(given);
      const nominal = retries.map(({ retry }) => expect.closeTo(backoff.nominalMs(retry) / 1000, 6));
      expect(retries.map(({ typical }) => typical)).toEqual(nominal);
    }),
  );
});

test('the waits add up, and none is longer than the longest', () => {
  const { retries, longestWaits, attempts } = scheduleOf(policy());
  expect(retries.map(({ typical }) => typical)).toEqual([1, 2, 3]);
  expect(retries.map(({ startsAt }) => startsAt.latest)).toEqual([1, 3, 6]);
  expect([longestWaits, attempts]).toEqual([6, 4]);
});

test('retries that cannot begin within the time of the call are none', () => {
  const schedule = scheduleOf(policy({ timeout: 2.5, jitter: true }));
  expect(schedule.retries.map(({ fits }) => fits)).toEqual(['always', 'sometimes', 'never']);
  expect([schedule.longestWaits, schedule.attempts]).toEqual([2.5, 3]);
});

test('one attempt has no schedule and multiplies nothing', () => {
  const schedule = scheduleOf(policy({ max_attempts: 1 }));
  expect(schedule).toEqual({ retries: [], longestWaits: 0, attempts: 1 });
  expect(loadSteps(schedule)).toEqual([{ at: 0, load: 1 }]);
});

test('in an outage each retry adds the load of all requests once more', () => {
  expect(loadSteps(scheduleOf(policy({ timeout: 5 })))).toEqual([
    { at: 0, load: 1 },
    { at: 1, load: 2 },
    { at: 3, load: 3 },
  ]);
});
