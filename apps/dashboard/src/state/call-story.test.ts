import type { Call } from '@mulligan/proxy';
import fc from 'fast-check';
import { giveUpReasons } from 'mulligan';
import { expect, test } from 'vitest';
import { type Attempt, attemptResult, giveUpReason, giveUps, timelineOf, waitSentence } from './call-story.ts';

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  proxy_id: 'a:1',
  outcome: 'success',
  status: 200,
  wait: 0,
  wait_source: null,
  latency: 1,
  failure: null,
  ...change,
});

const call = (attempts: Attempt[], change: Partial<Call> = {}): Call =>
  ({ attempts, duration: 0, reason: null, ...change }) as Call;

test('attempts and the waits between them share the time of the request', () => {
  const parts = timelineOf(call([attempt(), attempt({ number: 2, wait: 2 })], { duration: 4 }));
  expect(parts.map(({ waitFrom, from, to }) => [waitFrom, from, to])).toEqual([
    [0, 0, 0.25],
    [0.25, 0.75, 1],
  ]);
});

test('whatever the times are, nothing leaves the picture and nothing goes backwards', () => {
  const seconds = fc.double({ min: 0, max: 1000, noNaN: true });
  const attempts = fc.array(fc.record({ wait: seconds, latency: seconds }).map(attempt), { maxLength: 10 });
  fc.assert(
    fc.property(attempts, seconds, (each, duration) => {
      let end = 0;
      for (const { waitFrom, from, to } of timelineOf(call(each, { duration }))) {
        expect(waitFrom).toBe(end);
        expect(from).toBeGreaterThanOrEqual(waitFrom);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(1);
        end = to;
      }
    }),
  );
});

test('a wait says why', () => {
  expect(waitSentence(attempt())).toBeUndefined();
  expect(waitSentence(attempt({ wait: 2, wait_source: 'retry-after' }))).toBe(
    'Waited 2.00 s because the server asked for it (Retry-After)',
  );
  expect(waitSentence(attempt({ wait: 0.0001, wait_source: 'failover' }))).toMatch(/^No wait/u);
});

test('every reason to give up has its sentence, and one of a later server its code', () => {
  expect(Object.keys(giveUps).sort()).toEqual(Object.keys(giveUpReasons).sort());
  expect(giveUpReason(call([], { reason: 'budget' }))).toContain('budget');
  expect(giveUpReason(call([], { reason: 'of-tomorrow' }))).toBe('Reason: of-tomorrow.');
  expect(giveUpReason(call([]))).toBeUndefined();
});

test('an attempt says what came of it', () => {
  const failure = { fault: 'proxy', phase: 'connect', category: 'connect', message: 'refused' } as const;
  expect(attemptResult(attempt({ failure }))).toBe('refused');
  expect(attemptResult(attempt({ status: 404 }))).toBe('answered 404');
  expect(attemptResult(attempt({ status: null }))).toBe('connected');
  expect(attemptResult(attempt({ status: null, outcome: 'cancelled' }))).toBe('cancelled');
});
