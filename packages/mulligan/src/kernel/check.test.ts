import { expect, test } from 'vitest';
import { checkDuration, checkFunction, checkKeys, checkNumber, checkOneOf } from './check.ts';
import { InvalidOptionError } from './error.ts';

test.each([
  [{ min: 1, whole: true }, 2.5, 'attempts must be a whole number of at least 1, got 2.5'],
  [{ min: 1, max: 10 }, 11, 'attempts must be a number from 1 to 10, got 11'],
  [{ max: 10 }, 11, 'attempts must be a number of at most 10, got 11'],
  [{}, '3', 'attempts must be a number, got "3"'],
  [{}, Number.NaN, 'attempts must be a number, got NaN'],
  [{}, null, 'attempts must be a number, got null'],
])('answers a bad number for %o in a sentence', (bounds, value, sentence) => {
  expect(() => checkNumber('attempts', value, bounds)).toThrow(sentence);
});

test('both ends of a range are allowed, and Infinity counts as whole', () => {
  expect(checkNumber('n', 1, { min: 1, max: 3 })).toBe(1);
  expect(checkNumber('n', 3, { min: 1, max: 3 })).toBe(3);
  expect(checkNumber('n', Number.POSITIVE_INFINITY, { whole: true })).toBe(Number.POSITIVE_INFINITY);
});

test('the error of a bad option carries its name and value', () => {
  try {
    checkNumber('attempts', 0, { min: 1 });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ code: 'MULLIGAN_INVALID_OPTION', option: 'attempts', value: 0 });
  }
});

test('durations may have a least length', () => {
  expect(checkDuration('after', '2s', 1)).toBe(2000);
  expect(() => checkDuration('after', 0, 1)).toThrow('after must be at least 1 ms, got 0');
});

test('a choice is one of the list', () => {
  expect(checkOneOf('fit', 'fail', ['fail', 'shorten'])).toBe('fail');
  expect(() => checkOneOf('fit', 'shrink', ['fail', 'shorten'])).toThrow(
    `fit must be one of 'fail', 'shorten', got "shrink"`,
  );
});

test('a function is a function', () => {
  const callback = (): void => {};
  expect(checkFunction('onRetry', callback)).toBe(callback);
  expect(() => checkFunction('onRetry', 'log')).toThrow('onRetry must be a function, got "log"');
});

test('a misspelt option is answered with the one that was meant', () => {
  const known = ['attempts', 'timeout'];
  expect(() => checkKeys('retry', { attempts: 1 }, known)).not.toThrow();
  expect(() => checkKeys('retry', { atempts: 1 }, known)).toThrow(
    `retry has no option 'atempts': did you mean 'attempts'?`,
  );
  expect(() => checkKeys('retry', { Timeout: 1 }, known)).toThrow(`did you mean 'timeout'?`);
  expect(() => checkKeys('retry', { foo: 1 }, known)).toThrow(`retry has no option 'foo': it knows attempts, timeout`);
});

test.each([
  ['attempt', 'one letter lost'],
  ['attemp', 'two letters lost'],
  ['attemptses', 'two letters added'],
  ['ottempts', 'the first letter changed'],
  ['attempzz', 'the last two letters changed'],
])('%s is near attempts: %s', (word) => {
  expect(() => checkKeys('retry', { [word]: 1 }, ['attempts'])).toThrow("did you mean 'attempts'?");
});

test.each([
  ['attem', 'three letters lost'],
  ['attemzzz', 'the last three letters changed'],
  ['stpmetta', 'the letters turned around'],
])('%s is not near attempts: %s', (word) => {
  expect(() => checkKeys('retry', { [word]: 1 }, ['attempts'])).toThrow('it knows attempts');
});

test.each([null, 5, 'fast', ['attempts']])('%o is no object of options', (options) => {
  expect(() => checkKeys('retry', options as object, ['attempts'])).toThrow('retry takes an object of options, got');
});
