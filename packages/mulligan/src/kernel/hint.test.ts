import { expect, test } from 'vitest';
import { retryAfterOf } from './hint.ts';

test.each([
  [{ retryAfterMs: 0 }, 0],
  [{ retryAfterMs: 1500 }, 1500],
  [{ retryAfterMs: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY],
  [{ retryAfterMs: -1 }, undefined],
  [{ retryAfterMs: Number.NaN }, undefined],
  [{ retryAfterMs: '5' }, undefined],
  [{}, undefined],
  [null, undefined],
  ['retryAfterMs', undefined],
])('the hint of %o is %s', (error, hint) => {
  expect(retryAfterOf(error)).toBe(hint);
});
