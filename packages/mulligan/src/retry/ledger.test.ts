import { expect, test } from 'vitest';
import { keepLedger, type Ledger, ledgerOf } from './ledger.ts';

const ledger = (changes: Partial<Ledger> = {}): Ledger => ({
  name: 'call',
  attempts: 2,
  entries: [],
  reason: undefined,
  durationMs: 0,
  waitedMs: 0,
  ...changes,
});

test('an error leads to its ledger', () => {
  const error = new Error('last');
  const kept = ledger({ reason: 'attempts' });
  keepLedger({ ok: false, error }, kept);
  expect(ledgerOf(error)).toBe(kept);
});

test('a value leads to its ledger when it needed several attempts', () => {
  const value = {};
  const kept = ledger();
  keepLedger({ ok: true, value }, kept);
  expect(ledgerOf(value)).toBe(kept);
});

test('a value that was given up at the first attempt leads to its ledger, too', () => {
  const value = {};
  const kept = ledger({ attempts: 1, reason: 'not-retryable' });
  keepLedger({ ok: true, value }, kept);
  expect(ledgerOf(value)).toBe(kept);
});

test('a value that was good at once has none', () => {
  const value = {};
  keepLedger({ ok: true, value }, ledger({ attempts: 1 }));
  expect(ledgerOf(value)).toBeUndefined();
});

test('an error of the first attempt has one', () => {
  const error = new Error('first');
  const kept = ledger({ attempts: 1 });
  keepLedger({ ok: false, error }, kept);
  expect(ledgerOf(error)).toBe(kept);
});

test('functions can be thrown, and have a ledger', () => {
  const thrown = (): void => {};
  const kept = ledger({ reason: 'attempts' });
  keepLedger({ ok: false, error: thrown }, kept);
  expect(ledgerOf(thrown)).toBe(kept);
});

test.each([null, undefined, 'text', 5])('%o can have none', (error) => {
  expect(() => keepLedger({ ok: false, error }, ledger())).not.toThrow();
  expect(ledgerOf(error)).toBeUndefined();
});
