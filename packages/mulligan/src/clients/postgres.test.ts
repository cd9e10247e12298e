import { expect, test } from 'vitest';
import { isTransientPostgres } from './postgres.ts';

const failure = (code: string): Error => Object.assign(new Error('x'), { code });

test.each([
  '08000',
  '08003',
  '08006',
  '40001',
  '40P01',
  '53300',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
])('%s passes by itself', (code) => {
  expect(isTransientPostgres(failure(code))).toBe(true);
  expect(isTransientPostgres(new Error('failed query', { cause: failure(code) }))).toBe(true);
});

test.each(['23505', '42601', '22P02', '28P01', '3D000', '53100', '57014', 'XX000', 'EPERM', ''])(
  '%s does not',
  (code) => {
    expect(isTransientPostgres(failure(code))).toBe(false);
  },
);

test.each([
  ['Connection terminated unexpectedly', true],
  ['Connection terminated due to connection timeout', true],
  ['timeout exceeded when trying to connect', true],
  ['Client has encountered a connection error and is not queryable', true],
  ['Cannot use a pool after calling end on the pool', false],
])('pg’s "%s": %s', (message, answer) => {
  expect(isTransientPostgres(new Error(message))).toBe(answer);
});

test('what is no error is none', () => {
  expect([undefined, null, '40001', 40_001].map(isTransientPostgres)).toEqual([false, false, false, false]);
});
