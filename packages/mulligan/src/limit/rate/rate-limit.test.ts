import { expect, test, vi } from 'vitest';
import {
  categorize,
  definePolicy,
  isUnprocessed,
  type MulliganEvent,
  pipeline,
  retryAfterOf,
} from '../../kernel/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { RateLimitedError } from './error.ts';
import type { RateLimitOptions } from './options.ts';
import { rateLimit } from './rate-limit.ts';

function setUp(options: Partial<RateLimitOptions> = {}) {
  const world = virtualWorld();
  const events: MulliganEvent[] = [];
  const policy = rateLimit({ permits: 2, world, onEvent: (event) => events.push(event), ...options });
  const begun: number[] = [];
  const call = (signal?: AbortSignal): Promise<number> =>
    policy.execute(() => Promise.resolve(begun.push(world.now())), signal === undefined ? {} : { signal });
  return { world, events, policy, begun, call };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('two a second: the third waits until the first is a second ago', async () => {
  const { world, begun, call } = setUp();
  await world.run(Promise.all([call(), call(), call(), call(), call()]));
  expect(begun).toEqual([0, 0, 1000, 1000, 2000]);
  expect(world.pendingTimers).toBe(0);
});

test('with a burst calls are spread evenly after it', async () => {
  const { world, begun, call } = setUp({ permits: 10, burst: 3 });
  await world.run(Promise.all([call(), call(), call(), call(), call(), call()]));
  expect(begun).toEqual([0, 0, 0, 100, 200, 300]);
});

test('a third of a second is no reason to turn in circles', async () => {
  const { world, begun, call } = setUp({ permits: 3, burst: 1, maxWait: '1m' });
  await world.run(Promise.all(Array.from({ length: 100 }, () => call())));
  expect(begun.at(-1)).toBeCloseTo(33_000, 3);
});

test('what would wait too long is refused at once, and told when to come back', async () => {
  const { world, call } = setUp({ maxWait: '1s' });
  const calls = [call(), call(), call(), call()];
  const error = await failure(call());
  expect(world.now()).toBe(0);
  expect(error).toBeInstanceOf(RateLimitedError);
  expect(error).toMatchObject({ code: 'MULLIGAN_RATE_LIMITED', retryAfterMs: 2000 });
  expect((error as Error).message).toBe('rateLimit: too many calls; there is room for this one in 2 s');
  expect([retryAfterOf(error), categorize(error), isUnprocessed(error)]).toEqual([2000, 'rate-limit', true]);
  await world.run(Promise.all(calls));
});

test('with maxWait 0 nobody waits; with a queue only so many', async () => {
  const impatient = setUp({ maxWait: 0 });
  await Promise.all([impatient.call(), impatient.call()]);
  await expect(impatient.call()).rejects.toBeInstanceOf(RateLimitedError);
  const { world, call } = setUp({ queue: 1 });
  const calls = [call(), call(), call()];
  await expect(call()).rejects.toBeInstanceOf(RateLimitedError);
  await world.run(Promise.all(calls));
});

test('an abort ends the wait at once, and those behind move up', async () => {
  const { world, begun, call, policy } = setUp({ permits: 1 });
  const controller = new AbortController();
  const reason = new Error('the user left');
  const first = call();
  const second = failure(call(controller.signal));
  const third = call();
  await world.advance(400);
  controller.abort(reason);
  expect(await second).toBe(reason);
  expect(world.now()).toBe(400);
  expect(policy.snapshot()).toEqual({ name: 'rateLimit', queued: 1, waitMs: 1600 });
  await world.run(Promise.all([first, third]));
  expect(begun).toEqual([0, 1000]);
});

test('when the last of those who wait leaves, no timer stays', async () => {
  const { world, call } = setUp({ permits: 1 });
  const controller = new AbortController();
  await call();
  const second = failure(call(controller.signal));
  expect(world.pendingTimers).toBe(1);
  controller.abort();
  await second;
  expect(world.pendingTimers).toBe(0);
  expect(await world.run(call())).toBe(2);
  expect(world.now()).toBe(1000);
});

test('an abort at the moment of its turn is still heard', async () => {
  const { world, policy, begun, call } = setUp();
  const controller = new AbortController();
  await Promise.all([call(), call()]);
  const third = policy.execute(() => Promise.resolve(controller.abort(new Error('too late'))));
  const fourth = failure(call(controller.signal));
  await world.run(third);
  expect(await fourth).toEqual(new Error('too late'));
  expect(begun).toEqual([0, 0]);
});

test('a permit can be taken by hand, but not past those who wait', async () => {
  const { world, policy, call } = setUp();
  expect([policy.tryAcquire(), policy.tryAcquire(), policy.tryAcquire()]).toEqual([true, true, false]);
  await world.advance(999);
  expect(policy.tryAcquire()).toBe(false);
  const waiting = call();
  world.sleepSync(1);
  expect(policy.tryAcquire()).toBe(false);
  await world.run(waiting);
  expect([policy.tryAcquire(), policy.tryAcquire()]).toEqual([true, false]);
});

test('waiting and being refused are events', async () => {
  const { world, events, call } = setUp({ permits: 1, maxWait: '1s' });
  const calls = [call(), call()];
  await failure(call());
  const base = { at: world.wallNow(), name: 'rateLimit' };
  expect(events).toEqual([
    { ...base, type: 'rate-limit.delayed', waitMs: 1000 },
    { ...base, type: 'rate-limit.rejected', retryAfterMs: 2000 },
  ]);
  await world.run(Promise.all(calls));
});

test('a call that fails has begun all the same', async () => {
  const { policy } = setUp({ permits: 1, maxWait: 0 });
  await expect(policy.execute(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
  await expect(policy.execute(() => Promise.resolve())).rejects.toBeInstanceOf(RateLimitedError);
});

test('each key has a limit of its own', async () => {
  const world = virtualWorld();
  const hosts = rateLimit.keyed({ permits: 1, maxWait: 0, world });
  await hosts.for('a').execute(() => Promise.resolve());
  await expect(hosts.for('a').execute(() => Promise.resolve())).rejects.toThrow('a: too many calls');
  await expect(hosts.for('b').execute(() => Promise.resolve(1))).resolves.toBe(1);
});

const bad: [object, string][] = [
  [{}, 'permits must be a whole number from 1 to 1000000, got undefined'],
  [{ permits: 0.5 }, 'permits must be a whole number from 1 to 1000000, got 0.5'],
  [{ permits: 1, per: 0 }, 'per must be at least 1 ms, got 0'],
  [{ permits: 1, burst: 0 }, 'burst must be a whole number of at least 1, got 0'],
  [{ permits: 1, maxwait: 1 }, "rateLimit has no option 'maxwait': did you mean 'maxWait'?"],
  [{ permits: 1, queue: -1 }, 'queue must be a whole number of at least 0, got -1'],
];

test.each(bad)('%o is answered in a sentence', (options, sentence) => {
  expect(() => rateLimit(options as RateLimitOptions)).toThrow(sentence);
  expect(() => rateLimit.keyed(options as RateLimitOptions)).toThrow(sentence);
});

test('ten thousand calls leave no timer and no listener behind', async () => {
  const { world, policy, begun } = setUp({ permits: 100, maxWait: '1h' });
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
  const tenThousand = definePolicy(
    async (next, context) => {
      const [first] = await Promise.all(Array.from({ length: 10_000 }, () => next(context)));
      expect(remove.mock.calls.length).toBe(add.mock.calls.length);
      return first as never;
    },
    { kind: 'tenThousand' },
  );
  const operation = () => Promise.resolve(begun.push(world.now()));
  await world.run(pipeline(tenThousand, policy).execute(operation, { signal }));
  expect(begun.at(-1)).toBe(99_000);
  expect(add.mock.calls.length).toBeGreaterThan(0);
  expect(world.pendingTimers).toBe(0);
});
