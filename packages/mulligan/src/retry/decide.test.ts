import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type Situation, type WaitFit } from './decide.ts';

const base: Situation = {
  attempt: 1,
  attempts: 3,
  advice: { retry: true },
  backoffMs: 100,
  leftMs: Number.POSITIVE_INFINITY,
  fit: 'fail',
  outerLeftMs: Number.POSITIVE_INFINITY,
};

test('another attempt follows after the wait of the schedule', () => {
  expect(decide(base)).toEqual({ kind: 'retry', waitMs: 100, source: 'backoff' });
});

test('advice against it ends the call, with its reason', () => {
  expect(decide({ ...base, advice: { retry: false } })).toEqual({ kind: 'give-up', reason: 'not-retryable' });
  const advice = { retry: false, reason: 'server-said-no' } as const;
  expect(decide({ ...base, advice })).toEqual({ kind: 'give-up', reason: 'server-said-no' });
});

test('the last attempt is the last, and why it failed counts before', () => {
  expect(decide({ ...base, attempt: 3 })).toEqual({ kind: 'give-up', reason: 'attempts' });
  const fatal = { retry: false, reason: 'fatal' } as const;
  expect(decide({ ...base, attempt: 3, advice: fatal })).toEqual({ kind: 'give-up', reason: 'fatal' });
});

test('an exact wait replaces the schedule; a least wait only lengthens it', () => {
  expect(decide({ ...base, advice: { retry: true, waitMs: 5 } })).toMatchObject({ waitMs: 5, source: 'hook' });
  expect(decide({ ...base, advice: { retry: true, atLeastMs: 50 } })).toMatchObject({ waitMs: 100, source: 'backoff' });
  const longer = { retry: true, atLeastMs: 500 };
  expect(decide({ ...base, advice: longer })).toMatchObject({ waitMs: 500, source: 'retry-after' });
  const named = { retry: true, atLeastMs: 500, source: 'breaker' } as const;
  expect(decide({ ...base, advice: named })).toMatchObject({ waitMs: 500, source: 'breaker' });
});

test.each<[WaitFit, number, object]>([
  ['fail', 101, { kind: 'retry', waitMs: 100 }],
  ['fail', 100, { kind: 'give-up', reason: 'deadline' }],
  ['shorten', 40, { kind: 'retry', waitMs: 40 }],
  ['shorten', 0, { kind: 'give-up', reason: 'deadline' }],
  ['overrun', 40, { kind: 'retry', waitMs: 100 }],
  ['overrun', 0, { kind: 'give-up', reason: 'deadline' }],
  ['overrun', -5, { kind: 'give-up', reason: 'deadline' }],
])('with %s and %d ms left, a wait of 100 ms is answered by %o', (fit, leftMs, verdict) => {
  expect(decide({ ...base, fit, leftMs })).toMatchObject(verdict);
});

test('a limit around the call never bends, whatever the fit', () => {
  for (const fit of ['fail', 'shorten', 'overrun'] as const) {
    expect(decide({ ...base, fit, outerLeftMs: 100 })).toEqual({ kind: 'give-up', reason: 'deadline' });
    expect(decide({ ...base, fit, outerLeftMs: 101 })).toMatchObject({ kind: 'retry' });
  }
});

const ms = fc.oneof(fc.nat({ max: 10_000 }), fc.constant(Number.POSITIVE_INFINITY));
const situations: fc.Arbitrary<Situation> = fc.record({
  attempt: fc.integer({ min: 1, max: 12 }),
  attempts: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Number.POSITIVE_INFINITY)),
  advice: fc.record(
    { retry: fc.boolean(), waitMs: fc.nat({ max: 5000 }), atLeastMs: fc.nat({ max: 5000 }) },
    { requiredKeys: ['retry'] },
  ),
  backoffMs: fc.nat({ max: 5000 }),
  leftMs: ms,
  fit: fc.constantFrom<WaitFit>('fail', 'shorten', 'overrun'),
  outerLeftMs: ms,
});

test('what is decided keeps every rule, in every situation', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { advice, attempt, attempts, backoffMs, leftMs, fit, outerLeftMs } = situation;
      const verdict = decide(situation);
      if (verdict.kind === 'give-up') {
        const expected = !advice.retry ? 'not-retryable' : attempt >= attempts ? 'attempts' : 'deadline';
        expect(verdict.reason).toBe(expected);
        return;
      }
      expect(advice.retry).toBe(true);
      expect(attempt).toBeLessThan(attempts);
      const wanted = advice.waitMs ?? Math.max(backoffMs, advice.atLeastMs ?? 0);
      expect(verdict.waitMs).toBe(fit === 'shorten' ? Math.min(wanted, leftMs) : wanted);
      expect(verdict.waitMs).toBeLessThan(outerLeftMs);
      expect(leftMs).toBeGreaterThan(0);
      if (fit === 'fail') expect(verdict.waitMs).toBeLessThan(leftMs);
    }),
    { numRuns: 5000 },
  );
});
