import { afterEach, expect, test, vi } from 'vitest';
import { type AttemptContext, Context, InvalidOptionError, MulliganError } from '../kernel/index.ts';
import { type Advice, adviser, withHint } from './advice.ts';

const context: AttemptContext = new Context('call');
const hinting = (retryAfterMs: number): Error => Object.assign(new Error('busy'), { retryAfterMs });

afterEach(() => void vi.restoreAllMocks());

test.each<[string, boolean | number | '1s' | Advice, Advice]>([
  ['true', true, { retry: true }],
  ['false', false, { retry: false }],
  ['a number of milliseconds', 250, { retry: true, waitMs: 250, source: 'hook' }],
  ['no wait at all', 0, { retry: true, waitMs: 0, source: 'hook' }],
  ['a duration', '1s', { retry: true, waitMs: 1000, source: 'hook' }],
  ['full advice', { retry: false, reason: 'fatal' }, { retry: false, reason: 'fatal' }],
])('a predicate may answer with %s', (_name, answer, advice) => {
  expect(adviser('on', () => answer)('value', context)).toEqual(advice);
});

test('full advice is taken as it is', () => {
  const advice: Advice = { retry: true, atLeastMs: 5 };
  expect(adviser('on', () => advice)('value', context)).toBe(advice);
});

test('a predicate that returns nothing stops the retries, with one warning', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const advise = adviser('on', () => undefined);
  expect(advise('first', context)).toEqual({ retry: false });
  expect(warn).toHaveBeenCalledOnce();
  expect(advise('second', context)).toEqual({ retry: false });
  expect(warn.mock.calls).toEqual([[expect.stringContaining('on returned nothing')]]);
});

test.each([-1, Number.NaN, 'soon', {}])('%o is no answer', (answer) => {
  const advise = adviser('on', () => answer as never);
  expect(() => advise('value', context)).toThrow(InvalidOptionError);
});

test('an error that says when to come back is never retried earlier', () => {
  expect(withHint({ retry: true }, hinting(700))).toEqual({ retry: true, atLeastMs: 700, source: 'retry-after' });
});

test('an open breaker is named as what is waited for', () => {
  const open = Object.assign(new MulliganError('MULLIGAN_CIRCUIT_OPEN', 'open'), { retryAfterMs: 700 });
  expect(withHint({ retry: true }, open)).toMatchObject({ atLeastMs: 700, source: 'breaker' });
});

test.each<[string, Error, Advice]>([
  ['a breaker', new MulliganError('MULLIGAN_CIRCUIT_OPEN', 'open'), { retry: false, reason: 'breaker-open' }],
  ['a server', new Error('never'), { retry: false, reason: 'server-said-no' }],
])('%s that never wants to be asked again is not', (_name, error, advice) => {
  expect(withHint({ retry: true }, Object.assign(error, { retryAfterMs: Number.POSITIVE_INFINITY }))).toEqual(advice);
});

test.each<[string, Advice]>([
  ['a no', { retry: false }],
  ['an exact wait', { retry: true, waitMs: 10 }],
  ['a least wait', { retry: true, atLeastMs: 10 }],
])('%s stands, whatever the error says', (_name, advice) => {
  expect(withHint(advice, hinting(700))).toBe(advice);
});

test('an error without a word about time changes nothing', () => {
  const advice: Advice = { retry: true };
  expect(withHint(advice, new Error('busy'))).toBe(advice);
});
