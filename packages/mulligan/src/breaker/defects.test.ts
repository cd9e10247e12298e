/** What goes wrong in other breakers, each as a test of this one. */
import { expect, test, vi } from 'vitest';
import { definePolicy, layerOfPolicy, onEvent, pipeline, TimeoutError } from '../kernel/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { timeout } from '../timeout/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './error.ts';
import type { CircuitBreakerOptions } from './options.ts';
import type { BreakerLease, CircuitBreaker } from './breaker.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function acquire(breaker: CircuitBreaker): BreakerLease {
  const lease = breaker.tryAcquire();
  if (lease === undefined) throw new Error('the breaker refused');
  return lease;
}

/** A breaker that is due for a test. */
async function dueForTest(options: CircuitBreakerOptions = {}) {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, openFor: '1s', world, ...options });
  acquire(breaker).failure();
  await world.advance('1s');
  return { world, breaker };
}

test('late results: a call begun while closed decides nothing about a half-open breaker', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, openFor: '1s', world });
  const [well, badly] = [acquire(breaker), acquire(breaker)];
  acquire(breaker).failure();
  await world.advance('1s');
  const lease = acquire(breaker);
  well.success();
  badly.failure();
  expect(breaker.state).toBe('half_open');
  lease.success();
  expect(breaker.state).toBe('closed');
});

test('late results: a failure of before the trip does not open the closed breaker of after it', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, openFor: '1s', world });
  const late = acquire(breaker);
  acquire(breaker).failure();
  await world.advance('1s');
  acquire(breaker).success();
  late.failure();
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0 });
});

test('late results: a success of before a reset does not count towards a rate', () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failureRate: 0.5, minimumCalls: 2, window: { calls: 10 }, world });
  const late = acquire(breaker);
  breaker.reset();
  acquire(breaker).failure();
  late.success();
  expect(breaker.state).toBe('closed');
});

test('late results: a test of an earlier round neither counts nor holds a permit', async () => {
  const { world, breaker } = await dueForTest({ halfOpen: { permits: 3, successes: 2 } });
  const [first, second, late] = [acquire(breaker), acquire(breaker), acquire(breaker)];
  first.success();
  second.failure();
  await world.advance('1s');
  const leases = [acquire(breaker), acquire(breaker), acquire(breaker)];
  leases[0]!.success();
  late.success();
  expect(breaker.state).toBe('half_open');
  leases[1]!.success();
  expect(breaker.state).toBe('closed');
});

test('a failure while open does not put off the test', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, openFor: '10s', world });
  const late = acquire(breaker);
  acquire(breaker).failure();
  await world.advance('9s');
  late.failure();
  expect(breaker.peek().retryAfterMs).toBe(1000);
});

test('a cancelled test neither closes the breaker nor opens it again, and its permit is free at once', async () => {
  const { world, breaker } = await dueForTest();
  const controller = new AbortController();
  const reason = new Error('the user left');
  const call = breaker.execute(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    {
      signal: controller.signal,
    },
  );
  expect(breaker.peek().allowed).toBe(false);
  controller.abort(reason);
  expect(breaker.peek().allowed).toBe(true);
  await expect(world.run(call)).rejects.toBe(reason);
  expect(breaker.state).toBe('half_open');
});

test('a cancelled test that does not listen gives its permit back all the same, and its late end says nothing', async () => {
  const { breaker } = await dueForTest();
  const controller = new AbortController();
  let end = (): void => {};
  const call = breaker.execute(() => new Promise<void>((resolve) => (end = resolve)), { signal: controller.signal });
  controller.abort();
  expect(breaker.peek().allowed).toBe(true);
  end();
  await call;
  expect(breaker.state).toBe('half_open');
});

test('a test that ends in an error of no concern gives no verdict', async () => {
  const { breaker } = await dueForTest();
  const notFound = Object.assign(new Error('not found'), { status: 404 });
  await expect(breaker.execute(() => Promise.reject(notFound))).rejects.toBe(notFound);
  expect(breaker.state).toBe('half_open');
  expect(breaker.peek().allowed).toBe(true);
});

test('calls that the caller cancels do not open the breaker', async () => {
  const breaker = circuitBreaker({ failures: 1, world: virtualWorld() });
  const controller = new AbortController();
  const call = breaker.execute(
    () => new Promise((_, reject) => controller.signal.addEventListener('abort', () => reject(reset()))),
    {
      signal: controller.signal,
    },
  );
  controller.abort();
  await expect(call).rejects.toThrow('hang up');
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0 });
});

test('a call that used up all the time it had is charged, whether or not it ever ends', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, world });
  const hung = pipeline(timeout({ after: '1s', world }), breaker).execute(() => new Promise(() => {}));
  await expect(world.run(hung)).rejects.toBeInstanceOf(TimeoutError);
  expect(breaker.state).toBe('open');
});

test('a call that had only the end of that time is not charged', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ failures: 1, world });
  const late = timeout({ after: '1s', world }).execute(async ({ signal }) => {
    await new Promise<void>((end) => void world.setTimer(end, 500));
    return breaker.execute(() => new Promise(() => {}), { signal });
  });
  await expect(world.run(late)).rejects.toBeInstanceOf(TimeoutError);
  expect(breaker.state).toBe('closed');
});

test('a test that never ends does not block the others for ever', async () => {
  const { world, breaker } = await dueForTest({ halfOpen: { maxWait: '10s' } });
  const hung = acquire(breaker);
  await world.advance(9999);
  expect(breaker.tryAcquire()).toBeUndefined();
  await world.advance(1);
  const second = acquire(breaker);
  hung.failure();
  expect(breaker.state).toBe('half_open');
  second.success();
  expect(breaker.state).toBe('closed');
});

test('a permit that was never used can be given back', async () => {
  const { breaker } = await dueForTest();
  acquire(breaker).release();
  expect(breaker.peek().allowed).toBe(true);
});

test('giving a permit back twice does not make two of it', async () => {
  const { breaker } = await dueForTest();
  const first = acquire(breaker);
  first.release();
  const second = acquire(breaker);
  first.release();
  first.success();
  expect(breaker.state).toBe('half_open');
  expect(breaker.tryAcquire()).toBeUndefined();
  second.success();
  second.failure();
  expect(breaker.state).toBe('closed');
});

test('a call that fails twice has failed once', () => {
  const breaker = circuitBreaker({ failures: 2, world: virtualWorld() });
  const lease = acquire(breaker);
  lease.failure();
  lease.failure();
  expect(breaker.snapshot().failureCount).toBe(1);
});

test('of ten callers at the same moment exactly one tests', async () => {
  const { breaker } = await dueForTest();
  const operation = vi.fn(() => Promise.resolve());
  const calls = Array.from({ length: 10 }, () => breaker.execute(operation));
  const results = await Promise.allSettled(calls);
  expect(operation).toHaveBeenCalledTimes(1);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('as many tests as permits, and no more', async () => {
  const { breaker } = await dueForTest({ halfOpen: { permits: 3, successes: 3 } });
  const leases = Array.from({ length: 10 }, () => breaker.tryAcquire()).filter((lease) => lease !== undefined);
  expect(leases).toHaveLength(3);
  leases[0]!.success();
  leases[1]!.success();
  expect(breaker.state).toBe('half_open');
  leases[2]!.success();
  expect(breaker.state).toBe('closed');
});

test('failures of before an idle hour do not count', async () => {
  for (const settings of [{ failures: 2 }, { failureRate: 1, minimumCalls: 2 }] satisfies CircuitBreakerOptions[]) {
    const world = virtualWorld();
    const breaker = circuitBreaker({ ...settings, world });
    acquire(breaker).failure();
    await world.advance('1h');
    expect(breaker.snapshot().failureCount).toBe(0);
    acquire(breaker).failure();
    expect(breaker.state).toBe('closed');
  }
});

test('a first failure does not open a breaker that judges by rate', () => {
  const breaker = circuitBreaker({ failureRate: 0.5, world: virtualWorld() });
  acquire(breaker).failure();
  expect(breaker.state).toBe('closed');
});

test('a wall clock that is set back or ahead changes nothing', async () => {
  const world = virtualWorld();
  let shiftMs = 0;
  const shifted = { ...world, now: world.now, wallNow: () => world.wallNow() + shiftMs };
  const breaker = circuitBreaker({ failures: 1, openFor: '10s', world: shifted });
  acquire(breaker).failure();
  shiftMs = 86_400_000;
  expect(breaker.peek()).toEqual({ allowed: false, retryAfterMs: 10_000 });
  shiftMs = -86_400_000;
  await world.advance('10s');
  expect(breaker.peek().allowed).toBe(true);
});

test('an operation that throws at once does not leave the breaker stuck', async () => {
  const { breaker } = await dueForTest();
  const operation = (): Promise<void> => {
    throw reset();
  };
  await expect(breaker.execute(operation)).rejects.toThrow('hang up');
  expect(breaker.state).toBe('open');
});

test('a predicate that throws does not keep a permit', async () => {
  const { breaker } = await dueForTest({
    isFailure: () => {
      throw new RangeError('my own mistake');
    },
    on: () => {
      throw new SyntaxError('and another');
    },
  });
  await expect(breaker.execute(() => Promise.resolve(1))).rejects.toThrow('and another');
  expect(breaker.peek().allowed).toBe(true);
});

test('a rate is looked at after successes, too', () => {
  const breaker = circuitBreaker({ failureRate: 0.5, minimumCalls: 2, window: { calls: 2 }, world: virtualWorld() });
  acquire(breaker).failure();
  acquire(breaker).success();
  expect(breaker.state).toBe('open');
});

test('a slow test does not close a breaker that watches for slow calls', async () => {
  const world = virtualWorld();
  const options = { slowCallRate: 1, slowCall: '1s', minimumCalls: 1, openFor: '1s', world } as const;
  const breaker = circuitBreaker(options);
  const slowly = async (): Promise<void> => {
    const lease = acquire(breaker);
    await world.advance(1500);
    lease.success();
  };
  await slowly();
  await world.advance('1s');
  await slowly();
  expect(breaker.state).toBe('open');
});

test('a rule about slow calls that is set later does not judge calls begun before', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ window: { calls: 10 }, world });
  await world.advance('1h');
  const lease = acquire(breaker);
  breaker.configure({ slowCallRate: 1, slowCall: '1s', minimumCalls: 1 });
  lease.success();
  expect(breaker.state).toBe('closed');
});

test('ten thousand calls through five thousand breakers leave no timer and no listener', async () => {
  const world = virtualWorld();
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
  const breakers = circuitBreaker.keyed({ world, failures: 1 });
  const policies = Array.from({ length: 5000 }, (_, i) => breakers.for(String(i)));
  const tenThousand = definePolicy(
    async (next, context) => {
      const through = (policy: CircuitBreaker) => layerOfPolicy(policy)(next, context);
      await Promise.allSettled([...policies, ...policies].map(through));
      expect(remove.mock.calls.length).toBe(add.mock.calls.length);
      return undefined as never;
    },
    { kind: 'tenThousand' },
  );
  let calls = 0;
  await tenThousand.execute(() => (calls++ % 2 === 0 ? Promise.reject(reset()) : Promise.resolve()), { signal });
  expect(calls).toBe(10_000);
  expect(add.mock.calls.length).toBeGreaterThan(0);
  expect(world.pendingTimers).toBe(0);
});

test('a listener that throws does not reach the call', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const leave = onEvent(() => {
    throw new Error('the listener is broken');
  });
  const breaker = circuitBreaker({ failures: 1, world: virtualWorld() });
  await expect(breaker.execute(() => Promise.reject(reset()))).rejects.toThrow('hang up');
  await expect(breaker.execute(() => Promise.resolve())).rejects.toBeInstanceOf(CircuitOpenError);
  leave();
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
