import { expectTypeOf, test } from 'vitest';
import type { Policy } from '../kernel/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';

async function find<T>(key: string, fallback?: T): Promise<T | undefined> {
  await Promise.resolve(key);
  return fallback;
}

test('a wrapped function has the type of the function', () => {
  const wrapped: typeof find = circuitBreaker()(find);
  expectTypeOf(wrapped<number>).toEqualTypeOf<(key: string, fallback?: number) => Promise<number | undefined>>();
});

test('a breaker is a policy', () => {
  expectTypeOf(circuitBreaker()).toExtend<Policy>();
  expectTypeOf(circuitBreaker.keyed().for('a')).toEqualTypeOf(circuitBreaker());
});

test('settings have the forms that are documented, and no others', () => {
  circuitBreaker({
    window: '60s',
    openFor: (openings) => openings * 1000,
    isFailure: (response: Response) => !response.ok,
  });
  circuitBreaker({ window: { calls: 100 }, openFor: { initial: '5s', max: '1m' }, on: [TypeError, RangeError] });
  // @ts-expect-error a window has a unit
  circuitBreaker({ window: 'sixty' });
  // @ts-expect-error growing without an end
  circuitBreaker({ openFor: { initial: '5s' } });
  // @ts-expect-error a name is not a setting
  circuitBreaker().configure({ name: 'other' });
});
