import { expect, test, vi } from 'vitest';
import {
  type AttemptContext,
  categorize,
  definePolicy,
  type MulliganEvent,
  pipeline,
  TimeoutError,
} from '../kernel/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { hedge } from './hedge.ts';
import type { HedgeOptions } from './options.ts';

/** Attempts that take the given times, one after the other; `'fail'` rejects, what has no time hangs. */
function setUp(options: HedgeOptions, plan: readonly (readonly [ms: number, end?: 'fail'])[]) {
  const world = virtualWorld();
  const events: MulliganEvent[] = [];
  const started: number[] = [];
  const signals: AbortSignal[] = [];
  const policy = hedge({ after: 200, maxExtraLoad: 1, world, onEvent: (event) => events.push(event), ...options });
  const operation = (context: AttemptContext): Promise<string> => {
    const index = started.push(world.now()) - 1;
    const [ms, end] = plan[index % plan.length]!;
    signals.push(context.signal);
    return new Promise((resolve, reject) => {
      world.setTimer(() => (end === 'fail' ? reject(new Error(`failed ${index}`)) : resolve(`won ${index}`)), ms);
    });
  };
  return { world, events, started, signals, policy, operation };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a quick call is made once', async () => {
  const { world, started, signals, events, policy, operation } = setUp({}, [[199]]);
  await expect(world.run(policy.execute(operation))).resolves.toBe('won 0');
  await world.advance('1s');
  expect(started).toEqual([0]);
  expect(signals[0]?.aborted).toBe(false);
  expect(events).toEqual([]);
});

test('a slow call is made once more, and the first to succeed is the result', async () => {
  const { world, started, signals, events, policy, operation } = setUp({}, [[1000], [50]]);
  await expect(world.run(policy.execute(operation, { name: 'search' }))).resolves.toBe('won 1');
  expect(world.now()).toBe(250);
  expect(started).toEqual([0, 200]);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(categorize(signals[0]?.reason)).toBe('abort');
  expect(events).toEqual([
    { type: 'hedge.started', at: 1_893_456_000_200, name: 'search', hedge: 1, afterMs: 200 },
    { type: 'hedge.won', at: 1_893_456_000_250, name: 'search', hedge: 1, durationMs: 250 },
  ]);
});

test('when the call itself succeeds, its hedge is aborted, and its late end is no news', async () => {
  const { world, signals, events, policy, operation } = setUp({}, [[300], [1000]]);
  await expect(world.run(policy.execute(operation))).resolves.toBe('won 0');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  await world.advance('2s');
  expect(events.map(({ type }) => type)).toEqual(['hedge.started']);
});

test('several hedges start one after the other, and no more than there may be', async () => {
  const { world, started, policy, operation } = setUp({ hedges: 2 }, [[5000], [5000], [100]]);
  await expect(world.run(policy.execute(operation))).resolves.toBe('won 2');
  expect(started).toEqual([0, 200, 400]);
  expect(world.now()).toBe(500);
});

test('one failure does not matter while another attempt runs', async () => {
  const { world, policy, operation } = setUp({}, [[250, 'fail'], [100]]);
  await expect(world.run(policy.execute(operation))).resolves.toBe('won 1');
  expect(world.now()).toBe(300);
});

test('when all fail, the last error is thrown unchanged', async () => {
  const { world, policy, operation } = setUp({}, [
    [250, 'fail'],
    [100, 'fail'],
  ]);
  await expect(world.run(policy.execute(operation))).rejects.toThrow(new Error('failed 1'));
});

test('a call that fails before its hedge is due fails at once, and no hedge follows', async () => {
  const { world, started, policy, operation } = setUp({}, [[50, 'fail']]);
  await expect(world.run(policy.execute(operation))).rejects.toThrow('failed 0');
  expect(world.now()).toBe(50);
  await world.advance('1s');
  expect(started).toEqual([0]);
});

test('an abort by the caller ends everything at once', async () => {
  const { world, signals, started, policy, operation } = setUp({ hedges: 3 }, [[5000]]);
  const controller = new AbortController();
  const reason = new Error('the user left');
  const call = failure(policy.execute(operation, { signal: controller.signal }));
  await world.advance(300);
  controller.abort(reason);
  expect(await call).toBe(reason);
  expect(signals.map((signal) => signal.reason)).toEqual([reason, reason]);
  await world.advance('1s');
  expect(started).toEqual([0, 200]);
});

test('there are not more hedges than the extra load allows', async () => {
  const { world, events, policy, operation } = setUp({ maxExtraLoad: 0.1, burst: 2 }, [[300]]);
  for (let call = 0; call < 100; call++) await world.run(policy.execute(operation));
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect(count('hedge.started')).toBe(11);
  expect(count('hedge.refused')).toBe(89);
});

test('calls at the same moment cannot take the same allowance twice', async () => {
  const { world, started, policy, operation } = setUp({ maxExtraLoad: 0, burst: 3 }, [[300]]);
  await world.run(Promise.all(Array.from({ length: 50 }, () => policy.execute(operation))));
  expect(started).toHaveLength(53);
});

test('a quantile hedges only once it knows how long calls take, and then the slowest', async () => {
  const after = { quantile: 0.9, minimumCalls: 20 };
  const { world, started, policy } = setUp({ after }, []);
  const takes = (ms: number) =>
    policy.execute(
      () =>
        new Promise<void>((end) => {
          started.push(world.now());
          world.setTimer(end, ms);
        }),
    );
  await world.run(takes(10_000));
  expect(started).toHaveLength(1);
  for (let call = 0; call < 300; call++) await world.run(takes(50 + (call % 10)));
  const usual = started.length;
  await world.run(takes(2000));
  expect(started.length - usual).toBe(2);
});

test('what a hedge has overtaken counts as slow: the estimate does not sink', async () => {
  const { world, policy, events } = setUp({ after: { quantile: 0.5, minimumCalls: 1 } }, []);
  let index = 0;
  const operation = () => {
    const ms = index++ % 2 === 0 ? 1000 : 10;
    return new Promise<void>((end) => void world.setTimer(end, ms));
  };
  for (let call = 0; call < 50; call++) await world.run(policy.execute(operation));
  const waits = events.flatMap((event) => (event.type === 'hedge.started' ? event.afterMs : []));
  expect(Math.min(...waits)).toBeGreaterThan(500);
});

test('a call that used up the time of an outer limit counts as slow, one that was cancelled does not count', async () => {
  const { world, events, policy } = setUp({ after: { quantile: 0.5, minimumCalls: 1 } }, []);
  const hang = async (reason: unknown, forMs: number): Promise<void> => {
    const controller = new AbortController();
    const call = failure(policy.execute(() => new Promise(() => {}), { signal: controller.signal }));
    await world.advance(forMs);
    controller.abort(reason);
    await call;
  };
  await hang(new Error('the user left'), 5);
  await hang(new TimeoutError('call', 400, 'call'), 400);
  await hang(new Error('the user left'), 1000);
  expect(events).toMatchObject([{ type: 'hedge.started', afterMs: 400 }]);
});

test('calls of one policy share one timer, and ten thousand leave nothing behind', async () => {
  const { world, policy } = setUp({ after: '1s' }, []);
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
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

test('with a quantile ten thousand calls leave no timer behind', async () => {
  const { world, policy } = setUp({ after: { quantile: 0.95, minimumCalls: 1 } }, []);
  for (let call = 0; call < 10_000; call++) await policy.execute(() => Promise.resolve());
  expect(world.pendingTimers).toBe(0);
});

const bad: [object, string][] = [
  [{ delay: 1 }, "hedge has no option 'delay': it knows after, hedges, maxExtraLoad, burst, name, onEvent, world"],
  [{ hedges: 0 }, 'hedges must be a whole number from 1 to 10, got 0'],
  [{ maxExtraLoad: -1 }, 'maxExtraLoad must be a number of at least 0, got -1'],
  [{ burst: 0.5 }, 'burst must be a whole number of at least 1, got 0.5'],
  [{ after: 0 }, 'after must be at least 1 ms, got 0'],
  [{ after: { quantile: 95 } }, 'after.quantile must be above 0 and below 1, such as 0.95, got 95'],
  [{ after: { quantile: 0.9, minimum: 1 } }, "after has no option 'minimum'"],
];

test.each(bad)('%o is answered in a sentence', (options, sentence) => {
  expect(() => hedge(options)).toThrow(sentence);
});
