import { expect, test, vi } from 'vitest';
import { type CallOptions, pipeline } from '../kernel/index.ts';
import { ledgerOf, retry, type RetryOptions } from '../retry/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './error.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function setUp(options: RetryOptions) {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 2, openFor: '5s', world });
  const policy = pipeline(retry({ backoff: () => 100, world, ...options }), breaker);
  const operation = vi.fn((): Promise<string> =>
    world.now() < 5000 ? Promise.reject(reset()) : Promise.resolve('ok'),
  );
  const call = (given?: CallOptions) => policy.execute(operation, given).catch((error: unknown) => error);
  return { world, breaker, operation, call };
}

test('a retry waits until the open breaker tests again, and its call is the test', async () => {
  const { world, breaker, operation, call } = setUp({ attempts: 4 });
  expect(await world.run(call())).toBe('ok');
  expect(operation).toHaveBeenCalledTimes(3);
  expect(world.now()).toBe(5100);
  expect(breaker.state).toBe('closed');
});

test('a retry gives up at once when its time is over sooner', async () => {
  const { world, operation, call } = setUp({ attempts: 4, timeout: '3s' });
  const error = await world.run(call());
  expect(error).toBeInstanceOf(CircuitOpenError);
  expect(ledgerOf(error)?.reason).toBe('deadline');
  expect(operation).toHaveBeenCalledTimes(2);
  expect(world.now()).toBe(200);
});

test('a retry gives up at once when the breaker is held open by hand', async () => {
  const { world, breaker, operation, call } = setUp({ attempts: 4 });
  breaker.isolate();
  expect(ledgerOf(await world.run(call()))?.reason).toBe('breaker-open');
  expect(operation).not.toHaveBeenCalled();
  expect(world.now()).toBe(0);
});

test('while somebody else tests, a retry only waits as long as its backoff says', async () => {
  const { world, breaker, call } = setUp({ attempts: 3 });
  await world.run(call());
  await world.advance('5s');
  const test = breaker.tryAcquire();
  const waiting = call();
  await world.advance(50);
  test?.success();
  const before = world.now();
  expect(await world.run(waiting)).toBe('ok');
  expect(world.now() - before).toBe(50);
});
