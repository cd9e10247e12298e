import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { virtualWorld } from '../testing/index.ts';
import { Cancellation } from './cancellation.ts';
import { Context } from './context.ts';
import { DeadlineQueue } from './deadline.ts';
import { TimeoutError } from './error.ts';
import { TimeLimit } from './time-limit.ts';

test('deadlines of one length share a timer and expire on time, in order', async () => {
  const world = virtualWorld();
  const queue = new DeadlineQueue(world, 100);
  const expired: [string, number][] = [];
  queue.add(world.now(), () => expired.push(['a', world.now()]));
  await world.advance(30);
  queue.add(world.now(), () => expired.push(['b', world.now()]));
  expect(world.pendingTimers).toBe(1);
  await world.advance(1000);
  expect(expired).toEqual([
    ['a', 100],
    ['b', 130],
  ]);
  expect(world.pendingTimers).toBe(0);
});

test('what is disarmed does not expire', async () => {
  const world = virtualWorld();
  const queue = new DeadlineQueue(world, 100);
  const expire = vi.fn<() => void>();
  const disarm = queue.add(world.now(), expire);
  disarm();
  disarm();
  await world.advance(1000);
  expect(expire).not.toHaveBeenCalled();
  expect(world.pendingTimers).toBe(0);
});

test('every deadline expires at its time or not at all, whatever comes and goes', async () => {
  const step = fc.record({ waitMs: fc.nat({ max: 60 }), disarms: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const world = virtualWorld();
      const queue = new DeadlineQueue(world, 100);
      const expected: number[] = [];
      const expired: number[] = [];
      for (const { waitMs, disarms } of steps) {
        const disarm = queue.add(world.now(), () => expired.push(world.now()));
        if (disarms) disarm();
        else expected.push(world.now() + 100);
        await world.advance(waitMs);
      }
      await world.advance(1000);
      expect(expired).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('a deadline that is armed while others expire is not lost', async () => {
  const world = virtualWorld();
  const queue = new DeadlineQueue(world, 100);
  const second = vi.fn<() => void>();
  queue.add(world.now(), () => void queue.add(world.now(), second));
  await world.advance(200);
  expect(second).toHaveBeenCalledOnce();
});

test('an idle queue says so, once its timer is gone', async () => {
  const world = virtualWorld();
  const onIdle = vi.fn<() => void>();
  const queue = new DeadlineQueue(world, 100, onIdle);
  queue.add(world.now(), () => {})();
  expect(onIdle).not.toHaveBeenCalled();
  await world.advance(100);
  expect(onIdle).toHaveBeenCalledOnce();
});

const endless = (): Promise<never> => new Promise(() => {});

test('a time limit rejects on time, aborts the signal and says what it limited', async () => {
  const world = virtualWorld();
  const limit = new TimeLimit(world, 100, 'attempt');
  let signal: AbortSignal | undefined;
  const onExpire = vi.fn<(error: TimeoutError) => void>();
  const run = limit.run(
    (context) => {
      ({ signal } = context);
      expect(context.deadlineMs).toBe(100);
      return endless();
    },
    new Context('fetchUser'),
    onExpire,
  );
  const error: unknown = await world.run(run.catch((reason: unknown) => reason));
  expect(world.now()).toBe(100);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({
    message: 'fetchUser: the attempt took longer than 100 ms',
    timeoutMs: 100,
    scope: 'attempt',
  });
  expect(signal?.reason).toBe(error);
  expect(onExpire).toHaveBeenCalledExactlyOnceWith(error);
  expect(limit.isCauseOf(error)).toBe(true);
  expect(new TimeLimit(world, 100, 'attempt').isCauseOf(error)).toBe(false);
});

test('one time limit that runs out leaves its neighbours alone', async () => {
  const world = virtualWorld();
  const limit = new TimeLimit(world, 100, 'call');
  const signals: AbortSignal[] = [];
  const hang = (context: Context): Promise<never> => {
    signals.push(context.signal);
    return endless();
  };
  const first = limit.run(hang, new Context('first')).catch(() => 'timed out');
  await world.advance(50);
  const second = limit.run(hang, new Context('second')).catch(() => 'timed out');
  await expect(world.run(first)).resolves.toBe('timed out');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await expect(world.run(second)).resolves.toBe('timed out');
  expect(world.now()).toBe(150);
});

test("a caller's abort ends a limited run at once, with the caller's reason", async () => {
  const world = virtualWorld();
  const cancellation = new Cancellation();
  const run = new TimeLimit(world, 100, 'call').run(endless, new Context('call', { cancellation }));
  await world.advance(40);
  cancellation.abort('enough');
  await expect(run).rejects.toBe('enough');
  expect(world.now()).toBe(40);
});

test('nothing runs for a caller that has already aborted', async () => {
  const cancellation = new Cancellation();
  cancellation.abort('enough');
  const next = vi.fn<() => Promise<void>>();
  const limit = new TimeLimit(virtualWorld(), 100, 'call');
  await expect(limit.run(next, new Context('call', { cancellation }))).rejects.toBe('enough');
  expect(next).not.toHaveBeenCalled();
});

test('an outer deadline that is sooner stays what the operation sees', async () => {
  const limit = new TimeLimit(virtualWorld(), 100, 'call');
  const run = limit.run(({ deadlineMs }) => deadlineMs, new Context('call', { deadlineMs: 30 }));
  await expect(run).resolves.toBe(30);
});

test('10 000 limits of one length leave one timer behind, and that one goes, too', async () => {
  const world = virtualWorld();
  for (let i = 0; i < 10_000; i++) await new TimeLimit(world, 1000, 'call').run(async () => i, new Context('call'));
  expect(world.pendingTimers).toBe(1);
  await world.advance(1000);
  expect(world.pendingTimers).toBe(0);
});

test('of a limit that has run for a while, only the rest is left', async () => {
  const world = virtualWorld();
  const limit = new TimeLimit(world, 100, 'call');
  await world.advance(60);
  const run = limit.runRest(({ deadlineMs }) => (expect(deadlineMs).toBe(100), endless()), new Context('call'), {
    nowMs: world.now(),
    leftMs: 40,
  });
  const error: unknown = await world.run(run.catch((reason: unknown) => reason));
  expect(world.now()).toBe(100);
  expect(error).toMatchObject({ timeoutMs: 100, scope: 'call' });
  expect(limit.isCauseOf(error)).toBe(true);
});

test('the rest of a limit leaves no timer when the run ends before', async () => {
  const world = virtualWorld();
  const limit = new TimeLimit(world, 100, 'call');
  await limit.runRest(async () => 'ok', new Context('call'), { nowMs: 0, leftMs: 40 });
  expect(world.pendingTimers).toBe(0);
});
