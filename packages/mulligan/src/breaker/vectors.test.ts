import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { virtualWorld } from '../testing/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import type { BreakerLease, CircuitBreaker } from './breaker.ts';

type Operation = readonly [name: string, atSeconds: number, expected?: boolean] | string;
type Expected = readonly [state: string, failures: number];

interface Vector {
  readonly id: string;
  readonly threshold: number;
  readonly timeout?: number;
  readonly window?: number;
  readonly ops: readonly Operation[];
  readonly expect: Expected;
  readonly then?: readonly Operation[];
  readonly expect2?: Expected;
}

const all = JSON.parse(readFileSync(new URL('../presets/vectors.json', import.meta.url), 'utf8')) as {
  readonly proxywhirl_breaker: readonly Vector[];
};

/** `'50 success'` is fifty times `['success', now]`. */
function spread(operation: Operation, nowSeconds: number): Exclude<Operation, string>[] {
  if (typeof operation !== 'string') return [operation];
  const [times, name = ''] = operation.split(' ');
  return Array.from({ length: Number(times) }, () => [name, nowSeconds] as const);
}

test.each(all.proxywhirl_breaker)('ProxyWhirl $id', async ({ threshold, timeout = 30, window = 60, ...vector }) => {
  const world = virtualWorld();
  const breaker = circuitBreaker({
    failures: threshold,
    openFor: { seconds: timeout },
    window: { seconds: window },
    world,
  });
  let lease: BreakerLease | undefined;

  const perform = async ([name, atSeconds, expected]: Exclude<Operation, string>): Promise<void> => {
    if (name === 'next_test') {
      expect(world.now() + breaker.peek().retryAfterMs).toBe(atSeconds * 1000);
      return;
    }
    await world.advance(atSeconds * 1000 - world.now());
    if (name === 'allow?') {
      const allowed = breaker.tryAcquire();
      expect(allowed !== undefined).toBe(expected);
      lease = allowed ?? lease;
    } else {
      const held = lease ?? breaker.tryAcquire();
      lease = undefined;
      if (name === 'fail') held?.failure();
      else held?.success();
    }
  };

  const check = (circuit: CircuitBreaker, [state, failures]: Expected): void => {
    expect(circuit.snapshot()).toMatchObject({ state, failureCount: failures });
  };

  for (const step of vector.ops) for (const operation of spread(step, world.now() / 1000)) await perform(operation);
  check(breaker, vector.expect);
  if (vector.then === undefined || vector.expect2 === undefined) return;
  for (const step of vector.then) for (const operation of spread(step, world.now() / 1000)) await perform(operation);
  check(breaker, vector.expect2);
});
