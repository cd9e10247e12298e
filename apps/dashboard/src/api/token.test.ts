import { expect, test } from 'vitest';
import { tokenInFragment } from './token.ts';

test.each([
  ['#token=abc-_1', 'abc-_1'],
  ['#token=a%2Bb', 'a+b'],
  ['#other=1&token=x', 'x'],
  ['', undefined],
  ['#', undefined],
  ['#proxies', undefined],
])('the token of %j is %j', (fragment, token) => {
  expect(tokenInFragment(fragment)).toBe(token);
});
