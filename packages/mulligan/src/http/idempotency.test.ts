import { describe, expect, test, vi } from 'vitest';
import { type IdempotencyRules, idempotentMethods, randomKey, repeatability } from './idempotency.ts';

function rules(isSent: boolean, methods: readonly string[] = idempotentMethods): IdempotencyRules {
  return { methods: new Set(methods), key: { header: 'Idempotency-Key', generate: () => '"made"', isSent } };
}

describe('whether a request may be repeated', () => {
  test('by its method', () => {
    expect(repeatability('PUT', undefined, rules(false))).toEqual({ isIdempotent: true });
    expect(repeatability('POST', undefined, rules(false))).toEqual({ isIdempotent: false });
    expect(repeatability('POST', undefined, rules(false, ['POST']))).toEqual({ isIdempotent: true });
    expect(repeatability('PUT', undefined, rules(false, ['POST']))).toEqual({ isIdempotent: false });
  });

  test('by a key that the caller sends', () => {
    expect(repeatability('POST', { 'idempotency-key': 'mine' }, rules(false))).toEqual({ isIdempotent: true });
  });

  test.each(['If-Match', 'If-None-Match', 'If-Unmodified-Since'])('by the precondition %s', (name) => {
    expect(repeatability('PATCH', [[name, '"v1"']], rules(false))).toEqual({ isIdempotent: true });
  });

  test('by a key that is made for it, beside its other headers', () => {
    const { isIdempotent, keyed } = repeatability('POST', { accept: 'text/plain' }, rules(true));
    expect(isIdempotent).toBe(true);
    expect([...(keyed ?? [])]).toEqual([
      ['accept', 'text/plain'],
      ['idempotency-key', '"made"'],
    ]);
  });

  test('a key of the caller is never overwritten, and a request that needs none gets none', () => {
    expect(repeatability('POST', { 'Idempotency-Key': 'mine' }, rules(true)).keyed).toBeUndefined();
    expect(repeatability('DELETE', undefined, rules(true)).keyed).toBeUndefined();
  });

  test('a POST that is listed as repeatable still gets a key when keys are wanted', () => {
    expect(repeatability('POST', undefined, rules(true, ['POST'])).keyed?.get('idempotency-key')).toBe('"made"');
  });
});

test('a random key is a quoted UUID, and does not come from Math.random', () => {
  const random = vi.spyOn(Math, 'random');
  const keys = Array.from({ length: 100 }, randomKey);
  expect(random).not.toHaveBeenCalled();
  random.mockRestore();
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^"[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}"$/);
});
