import { expect, test } from 'vitest';
import { createToken, tokenCheck, tokenOf } from './token.ts';

const headers = (values: Record<string, string>) => (name: string) => values[name];

test('a token is long, fits in an address, and never comes twice', () => {
  const tokens = new Set(Array.from({ length: 100 }, createToken));
  expect(tokens.size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{32}$/u);
});

test('only the token itself is right', () => {
  const isToken = tokenCheck('correct horse');
  expect(isToken('correct horse')).toBe(true);
  for (const wrong of [undefined, '', 'correct horsf', 'correct horse ', 'correct']) expect(isToken(wrong)).toBe(false);
});

test('it is read from X-API-Key, or from a bearer authorization', () => {
  expect(tokenOf(headers({ 'x-api-key': 'a' }))).toBe('a');
  expect(tokenOf(headers({ authorization: 'Bearer b' }))).toBe('b');
  expect(tokenOf(headers({ authorization: 'bearer b', 'x-api-key': 'a' }))).toBe('a');
  expect(tokenOf(headers({ authorization: 'Basic b' }))).toBeUndefined();
  expect(tokenOf(headers({}))).toBeUndefined();
});
