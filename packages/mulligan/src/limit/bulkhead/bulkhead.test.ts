import { expect, test, vi } from 'vitest';
import { definePolicy, isTransient, isUnprocessed, type MulliganEvent, pipeline } from '../../kernel/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { bulkhead } from './bulkhead.ts';
import { BulkheadFullError } from './error.ts';
import type { BulkheadOptions } from './options.ts';

function setUp(options: BulkheadOptions = {}) {
  const world = virtualWorld();
  const events: MulliganEvent[] = [];
  const policy = bulkhead({ concurrent: 1, queue: 10, world, onEvent: (event) => events.push(event), ...options });
  const started: string[] = [];
  const enter = (name: string, forMs: number, signal?: AbortSignal): Promise<string> =>
    policy.execute(
      () => {
        started.push(name);
        return new Promise<string>((end) => void world.setTimer(() => end(name), forMs));
      },
      signal === undefined ? {} : { signal },
    );
  return { world, events, policy, started, enter };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('never more calls run than may, and all of them do', async () => {
  const { world, policy } = setUp({ concurrent: 3, queue: Number.POSITIVE_INFINITY });
  let [running, most] = [0, 0];
  const calls = Array.from({ length: 50 }, (_, i) =>
    policy.execute(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((end) => void world.setTimer(end, (i * 7) % 30));
      running--;
    }),
  );
  await world.run(Promise.all(calls));
  expect(most).toBe(3);
  expect(policy.snapshot()).toEqual({ name: 'bulkhead', active: 0, queued: 0, concurrent: 3, queue: Infinity });
});

test('what finds no room is refused at once', async () => {
  const { world, policy, enter, events } = setUp({ concurrent: 1, queue: 1 });
  const [first, second] = [enter('first', 10), enter('second', 10)];
  const error = await failure(enter('third', 10));
  expect(error).toBeInstanceOf(BulkheadFullError);
  expect(error).toMatchObject({ code: 'MULLIGAN_BULKHEAD_FULL', reason: 'full' });
  expect((error as Error).message).toBe('bulkhead: there is no room for another call; 1 are running');
  expect(events).toEqual([
    { type: 'bulkhead.rejected', at: world.wallNow(), name: 'bulkhead', reason: 'full', queued: 1 },
  ]);
  expect(policy.snapshot()).toMatchObject({ active: 1, queued: 1 });
  await world.run(Promise.all([first, second]));
});

test('a refused call may be tried again: it has not been made', () => {
  const error = new BulkheadFullError('db', 'full', 1);
  expect([isTransient(error), isUnprocessed(error)]).toEqual([true, true]);
});

test('without a queue nobody waits', async () => {
  const { world, enter } = setUp({ queue: 0 });
  const first = enter('first', 10);
  await expect(enter('second', 10)).rejects.toBeInstanceOf(BulkheadFullError);
  await world.run(first);
});

test.each([
  ['fifo', ['a', 'b', 'c', 'd']],
  ['lifo', ['a', 'd', 'c', 'b']],
] as const)('%s: who is next', async (order, expected) => {
  const { world, started, enter } = setUp({ order });
  await world.run(Promise.all(['a', 'b', 'c', 'd'].map((name) => enter(name, 10))));
  expect(started).toEqual(expected);
});

test('an abort ends the wait at once, and the call is never made', async () => {
  const { world, policy, started, enter } = setUp();
  const controller = new AbortController();
  const reason = new Error('the user left');
  const first = enter('first', 1000);
  const second = failure(enter('second', 10, controller.signal));
  const third = enter('third', 10);
  await world.advance(5);
  controller.abort(reason);
  expect(await second).toBe(reason);
  expect(world.now()).toBe(5);
  expect(policy.snapshot()).toMatchObject({ active: 1, queued: 1 });
  await world.run(Promise.all([first, third]));
  expect(started).toEqual(['first', 'third']);
});

test('an abort at the moment of getting in leaves the place to the next', async () => {
  const { world, policy, started, enter } = setUp();
  const controller = new AbortController();
  let end = (): void => {};
  const first = policy.execute(() => new Promise<void>((resolve) => (end = resolve)));
  const second = failure(enter('second', 10, controller.signal));
  const third = enter('third', 10);
  end();
  // One turn later the place has been handed on, and two turns later the call would be made.
  queueMicrotask(() => controller.abort(new Error('too late')));
  await first;
  expect(await second).toEqual(new Error('too late'));
  await world.run(third);
  expect(started).toEqual(['third']);
  expect(policy.snapshot()).toMatchObject({ active: 0, queued: 0 });
});

test('patience ends, for each call at its own time', async () => {
  const { world, policy, events, enter } = setUp({ queueTimeout: '2s' });
  const first = enter('first', 2500);
  const second = failure(enter('second', 10));
  await world.advance('1s');
  const third = enter('third', 10);
  await world.advance('1s');
  expect(await second).toMatchObject({ reason: 'queue-timeout' });
  expect(world.now()).toBe(2000);
  await world.run(Promise.all([first, third]));
  await world.advance('1m');
  expect(events).toEqual([
    { type: 'bulkhead.rejected', at: 1_893_456_002_000, name: 'bulkhead', reason: 'queue-timeout', queued: 1 },
  ]);
  expect(policy.snapshot()).toMatchObject({ active: 0, queued: 0 });
});

test('a call that fails, at once or later, gives its place back', async () => {
  const { policy } = setUp();
  const throwing = (): Promise<void> => {
    throw new Error('at once');
  };
  await expect(policy.execute(throwing)).rejects.toThrow('at once');
  await expect(policy.execute(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
  expect(policy.snapshot().active).toBe(0);
});

test('each key has a bulkhead of its own', async () => {
  const hosts = bulkhead.keyed({ concurrent: 1, name: 'hosts' });
  const hung = new Promise<never>(() => {});
  void hosts.for('a').execute(() => hung);
  await expect(hosts.for('a').execute(() => hung)).rejects.toThrow('hosts:a: there is no room for another call');
  await expect(hosts.for('b').execute(() => Promise.resolve(1))).resolves.toBe(1);
});

const bad: [object, string][] = [
  [{ concurent: 1 }, "bulkhead has no option 'concurent': did you mean 'concurrent'?"],
  [{ concurrent: 0 }, 'concurrent must be a whole number of at least 1, got 0'],
  [{ queue: -1 }, 'queue must be a whole number of at least 0, got -1'],
  [{ queueTimeout: '1s' }, 'queueTimeout means nothing without a queue: give queue a number above 0'],
  [{ order: 'random' }, "order must be one of 'fifo', 'lifo', got \"random\""],
];

test.each(bad)('%o is answered in a sentence', (options, sentence) => {
  expect(() => bulkhead(options)).toThrow(sentence);
  expect(() => bulkhead.keyed(options)).toThrow(sentence);
});

test('ten thousand calls leave no timer and no listener behind', async () => {
  const { world, policy } = setUp({ concurrent: 10, queue: 10_000, queueTimeout: '1m' });
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
  await pipeline(tenThousand, policy).execute(() => Promise.resolve(), { signal });
  expect(add.mock.calls.length).toBeGreaterThan(0);
  await world.advance('1m');
  expect(world.pendingTimers).toBe(0);
  expect(policy.snapshot()).toMatchObject({ active: 0, queued: 0 });
});

test('what waited in vain stops listening to its caller', async () => {
  const { world, policy, enter } = setUp({ queueTimeout: '1s' });
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
  const first = enter('first', 5000);
  const patient = definePolicy(
    async (next, context) => {
      await failure(Promise.resolve(next(context)));
      expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1]);
      throw new Error('in vain');
    },
    { kind: 'patient' },
  );
  const second = pipeline(patient, policy).execute(() => Promise.resolve(), { signal });
  await expect(world.run(second)).rejects.toThrow('in vain');
  await world.run(first);
});
