import { expect, test } from 'vitest';
import { InvalidOptionError } from './error.ts';
import { resolveErrorFilter } from './matcher.ts';

class NetworkError extends Error {}
class Plain {
  readonly kind = 'plain';
}

test('a class means its instances and those of its subclasses', () => {
  const matches = resolveErrorFilter('on', NetworkError);
  class Reset extends NetworkError {}
  expect(matches(new NetworkError('a'))).toBe(true);
  expect(matches(new Reset('b'))).toBe(true);
  expect(matches(new Error('c'))).toBe(false);
  expect(matches(undefined)).toBe(false);
});

test('an array means any of its classes; an empty one means none', () => {
  const matches = resolveErrorFilter('on', [RangeError, NetworkError]);
  expect(matches(new RangeError('a'))).toBe(true);
  expect(matches(new TypeError('b'))).toBe(false);
  expect(resolveErrorFilter('on', [])(new Error('c'))).toBe(false);
});

test('classes outside of Error are known by how they are written', () => {
  expect(resolveErrorFilter('on', Plain)(new Plain())).toBe(true);
  expect(resolveErrorFilter('on', DOMException)(new DOMException('x', 'AbortError'))).toBe(true);
});

test('Error itself means every error', () => {
  const matches = resolveErrorFilter('on', Error);
  expect(matches(new TypeError('a'))).toBe(true);
  expect(matches('a')).toBe(false);
});

test('error classes as they were written before there were classes are known by what they stand below', () => {
  function OldError(this: Error) {}
  OldError.prototype = Object.create(Error.prototype);
  const matches = resolveErrorFilter('on', OldError as unknown as new () => Error);
  expect(matches(Reflect.construct(OldError, []))).toBe(true);
  expect(matches(new Error('a'))).toBe(false);
});

test('a function that speaks of a class is none', () => {
  const filter = function filter(error: unknown): boolean {
    return error === 'class';
  };
  expect(resolveErrorFilter('on', filter)).toBe(filter);
});

test('a function is taken as it is', () => {
  const byArrow = (error: unknown): boolean => error === 1;
  function byName(error: unknown): boolean {
    return error === 2;
  }
  expect(resolveErrorFilter('on', byArrow)).toBe(byArrow);
  expect(resolveErrorFilter('on', byName)).toBe(byName);
});

test.each([null, 'Error', 5, {}, [() => true], [5]])('%o is answered in a sentence', (filter) => {
  expect(() => resolveErrorFilter('on', filter as never)).toThrow(InvalidOptionError);
  expect(() => resolveErrorFilter('on', filter as never)).toThrow(/^on must (?:be an error class|hold error classes)/);
});
