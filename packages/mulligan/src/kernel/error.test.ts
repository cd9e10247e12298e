import { expect, test, vi } from 'vitest';
import { errorCodes, InvalidOptionError, isMulliganError, MulliganError, show, TimeoutError } from './error.ts';

test('every error of our own has a name, a code of the table, and a stack', () => {
  const errors = [
    new MulliganError('MULLIGAN_STUCK', 'stuck'),
    new InvalidOptionError('attempts', 0, 'attempts must be at least 1'),
    new TimeoutError('fetchUser', 100, 'call'),
  ];
  expect(errors.map(({ name }) => name)).toEqual(['MulliganError', 'InvalidOptionError', 'TimeoutError']);
  for (const error of errors) {
    expect(error).toBeInstanceOf(MulliganError);
    expect(error).toBeInstanceOf(Error);
    expect(Object.keys(errorCodes)).toContain(error.code);
    expect(error.stack).toContain('error.test.ts');
  }
});

test('errors of another copy of the library are recognised', async () => {
  vi.resetModules();
  const copy = await import('./error.ts');
  expect(copy.MulliganError).not.toBe(MulliganError);
  const theirs = new copy.TimeoutError('fetchUser', 100, 'call');
  expect(theirs).toBeInstanceOf(MulliganError);
  expect(isMulliganError(theirs)).toBe(true);
  expect(isMulliganError(theirs, 'MULLIGAN_TIMEOUT')).toBe(true);
  expect(isMulliganError(theirs, 'MULLIGAN_STUCK')).toBe(false);
});

test('a subclass is told apart from its siblings', () => {
  const timeout = new TimeoutError('fetchUser', 100, 'call');
  expect(timeout).toBeInstanceOf(TimeoutError);
  expect(timeout).not.toBeInstanceOf(InvalidOptionError);
});

test.each([null, undefined, 'MULLIGAN_TIMEOUT', { code: 'MULLIGAN_TIMEOUT' }, new Error('no'), 5])(
  '%o is no error of ours',
  (value) => {
    expect(isMulliganError(value)).toBe(false);
    expect(value instanceof MulliganError).toBe(false);
  },
);

test.each([
  ['text', '"text"'],
  ['x'.repeat(100), `"${'x'.repeat(77)}..."`],
  [undefined, 'undefined'],
  [10n, '10'],
  [Symbol('s'), 'Symbol(s)'],
  [function load() {}, 'the function load'],
  [() => {}, 'a function'],
  [{ a: 1 }, '{"a":1}'],
  [[1, 2], '[1,2]'],
])('shows %o as %s', (value, shown) => {
  expect(show(value)).toBe(shown);
});

test('shows what cannot be shown', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  expect(show(circular)).toBe('[object Object]');
  expect(show({ big: 1n })).toBe('[object Object]');
});
