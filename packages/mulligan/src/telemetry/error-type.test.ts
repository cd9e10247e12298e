import { expect, test } from 'vitest';
import { TimeoutError } from '../kernel/index.ts';
import { errorType } from './error-type.ts';

test.each([
  [Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }), 'ENOTFOUND'],
  [new TimeoutError('load', 5, 'call'), 'MULLIGAN_TIMEOUT'],
  [new RangeError('5 is too much'), 'RangeError'],
  [Object.assign(new Error('x'), { code: 'user 42 not found' }), 'Error'],
  ['text', 'string'],
  [undefined, 'undefined'],
  [Object.create(null), 'Object'],
])('%s is of the type %s', (error, expected) => {
  expect(errorType(error)).toBe(expected);
});
