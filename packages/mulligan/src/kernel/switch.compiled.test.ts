import { afterEach, expect, test } from 'vitest';
import { isActive, isTesting, setActive, setTesting, testingMode } from './switch.ts';

afterEach(() => {
  setActive(true);
  setTesting(false);
});

test('retries are active and not in testing mode at the start', () => {
  expect(isActive()).toBe(true);
  expect(isTesting()).toBe(false);
  expect(testingMode()).toBeUndefined();
});

test('setActive gives back how to restore what was', () => {
  const restore = setActive(false);
  expect(isActive()).toBe(false);
  restore();
  expect(isActive()).toBe(true);
});

test('the testing mode makes one attempt unless told otherwise', () => {
  setTesting(true);
  expect(testingMode()).toEqual({ attempts: 1, cap: false });
  setTesting(true, { attempts: 3, cap: true });
  expect(testingMode()).toEqual({ attempts: 3, cap: true });
});

test('testing modes nest, and `using` restores the one before, even after an error', () => {
  {
    using _outer = setTesting(true, { attempts: 2 });
    expect(() => {
      using _inner = setTesting(true, { attempts: 5 });
      expect(testingMode()?.attempts).toBe(5);
      throw new Error('inside');
    }).toThrow('inside');
    expect(testingMode()?.attempts).toBe(2);
    using _off = setTesting(false);
    expect(isTesting()).toBe(false);
  }
  expect(isTesting()).toBe(false);
});

test('the two switches do not disturb each other', () => {
  using _testing = setTesting(true, { attempts: 4 });
  {
    using _inactive = setActive(false);
    expect(testingMode()?.attempts).toBe(4);
  }
  expect(isActive()).toBe(true);
  expect(testingMode()?.attempts).toBe(4);
});

test('a number of attempts that makes no sense is answered', () => {
  expect(() => setTesting(true, { attempts: 0 })).toThrow('attempts must be a whole number of at least 1, got 0');
});
