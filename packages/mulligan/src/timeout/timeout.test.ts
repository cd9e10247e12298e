import { expect, test, vi } from 'vitest';
import { definePolicy, type Duration, type MulliganEvent, pipeline, TimeoutError } from '../kernel/index.ts';
import { type VirtualWorld, virtualWorld } from '../testing/index.ts';
import type { TimeoutOptions } from './options.ts';
import { timeout } from './timeout.ts';

const lasts = (world: VirtualWorld, ms: number) => () =>
  new Promise<string>((end) => void world.setTimer(() => end('done'), ms));
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a call that is quick enough is left alone', async () => {
  const world = virtualWorld();
  const call = timeout({ after: '2s', world }).execute(lasts(world, 1999));
  await expect(world.run(call)).resolves.toBe('done');
});

test('a 900 ms call under a limit of 100 ms rejects at 100 ms, with its signal aborted', async () => {
  const world = virtualWorld();
  let signal: AbortSignal | undefined;
  const call = timeout({ after: 100, world }).execute((context) => {
    signal = context.signal;
    return lasts(world, 900)();
  });
  const error = await world.run(failure(call));
  expect(world.now()).toBe(100);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ timeoutMs: 100, scope: 'call', code: 'MULLIGAN_TIMEOUT' });
  expect(signal?.reason).toBe(error);
});

test('one timeout aborts no healthy neighbour', async () => {
  const world = virtualWorld();
  const policy = timeout({ after: 100, world });
  const signals: AbortSignal[] = [];
  const start = (ms: number) =>
    policy.execute((context) => {
      signals.push(context.signal);
      return lasts(world, ms)();
    });
  const slow = failure(start(900));
  await world.advance(60);
  const healthy = start(90);
  await world.advance(40);
  expect(await slow).toBeInstanceOf(TimeoutError);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await expect(world.run(healthy)).resolves.toBe('done');
});

test('of two nested limits the shorter one ends the call, and says so', async () => {
  const world = virtualWorld();
  const policy = pipeline(timeout({ after: '1s', world }), timeout({ after: '300ms', world }));
  const deadlines: number[] = [];
  const call = policy.execute(({ deadlineMs }) => {
    deadlines.push(deadlineMs);
    return lasts(world, 5000)();
  });
  expect(await world.run(failure(call))).toMatchObject({ timeoutMs: 300 });
  expect(deadlines).toEqual([300]);
  expect(policy.description.timeoutMs).toBe(300);
});

test('an inner limit longer than the outer one is a mistake', () => {
  expect(() => pipeline(timeout('1s'), timeout('2s'))).toThrow(
    'can never end anything inside the outer timeout of 1 s',
  );
});

test('the operation hears how much time it has', async () => {
  const world = virtualWorld();
  await world.advance('1m');
  await timeout({ after: '2s', world }).execute((context) => expect(context.deadlineMs).toBe(62_000));
});

test('the caller can leave before the time is over', async () => {
  const world = virtualWorld();
  const controller = new AbortController();
  const reason = new Error('the user left');
  const call = failure(timeout({ after: '2s', world }).execute(lasts(world, 5000), { signal: controller.signal }));
  await world.advance('1s');
  controller.abort(reason);
  expect(await call).toBe(reason);
  expect(world.now()).toBe(1000);
});

test('an expired limit is one event', async () => {
  const world = virtualWorld();
  const events: MulliganEvent[] = [];
  const onEvent = (event: MulliganEvent): void => void events.push(event);
  const policy = timeout({ after: 100, world, onEvent });
  await world.run(failure(policy.execute(lasts(world, 900), { name: 'getUser' })));
  await world.run(policy.execute(lasts(world, 50)));
  await world.run(failure(timeout({ after: 100, world, onEvent, name: 'slow' }).execute(lasts(world, 900))));
  expect([policy.name, timeout({ after: 1, name: 'slow' }).name]).toEqual(['timeout', 'slow']);
  expect(events).toEqual([
    { type: 'timeout.expired', at: 1_893_456_000_100, name: 'getUser', timeoutMs: 100 },
    { type: 'timeout.expired', at: 1_893_456_000_250, name: 'slow', timeoutMs: 100 },
  ]);
});

test('no limit is no limit', async () => {
  const world = virtualWorld();
  const policy = timeout({ after: Number.POSITIVE_INFINITY, world });
  await expect(world.run(policy.execute(lasts(world, 1e9)))).resolves.toBe('done');
  expect(policy.description).toEqual({ kind: 'timeout' });
});

const bad: [Duration | TimeoutOptions, string][] = [
  [0, 'timeout must be at least 1 ms, got 0'],
  [-1, "timeout must be a duration of 0 or more, such as 250 (milliseconds), '1.5s' or { seconds: 30 }, got -1"],
  [{ after: '1s', nam: 'x' } as TimeoutOptions, "timeout has no option 'nam': did you mean 'name'?"],
];

test.each(bad)('timeout(%o) is answered in a sentence', (given, sentence) => {
  expect(() => timeout(given)).toThrow(sentence);
});

test('ten thousand calls leave no timer and no listener behind', async () => {
  const world = virtualWorld();
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
  const policy = timeout({ after: '1s', world });
  let most = 0;
  const tenThousand = definePolicy(
    async (next, context) => {
      const calls = Array.from({ length: 10_000 }, () => next(context));
      most = world.pendingTimers;
      const [first] = await Promise.all(calls);
      expect(remove.mock.calls.length).toBe(add.mock.calls.length);
      return first as never;
    },
    { kind: 'tenThousand' },
  );
  await pipeline(tenThousand, policy).execute((context) => Promise.resolve(context.signal.aborted), { signal });
  expect(most).toBe(1);
  expect(add.mock.calls.length).toBeGreaterThan(0);
  await world.advance('1s');
  expect(world.pendingTimers).toBe(0);
});
