import { describe, expect, test } from 'vitest';
import { onEvent, type RetryBudget } from '../kernel/index.ts';
import { script, type VirtualWorld, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import type { RetryOptions } from './options.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const calls = 10_000;

/** Counts the abort listeners of a signal. */
function listenersOf(signal: AbortSignal): () => number {
  let count = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    count--;
    remove(...args);
  };
  return () => count;
}

describe(`${calls} calls that all wait at once on one signal`, () => {
  test.each<[string, (world: VirtualWorld) => RetryOptions]>([
    ['succeed at their second attempt', (world) => ({ world })],
    ['with both time limits', (world) => ({ world, timeout: '30s', attemptTimeout: '10s' })],
  ])('%s: no listener and no timer is left', { timeout: 60_000 }, async (_name, options) => {
    const world = virtualWorld();
    const { signal } = new AbortController();
    const listeners = listenersOf(signal);
    const policy = retry({ ...options(world), signal, backoff: constant('1s') });
    const running = Array.from({ length: calls }, () => policy.execute(script([reset(), 'ok'])));
    await world.advance(10);
    expect(listeners()).toBe(1);
    await world.run(Promise.all(running));
    expect(listeners()).toBe(0);
    // What may be left is the one timer that all limits of 10 s share. It keeps no process alive, and goes by itself.
    expect(world.pendingTimers).toBeLessThanOrEqual(1);
    await world.advance('1m');
    expect(world.pendingTimers).toBe(0);
  });

  test('are aborted: all of them end, and nothing is left', { timeout: 60_000 }, async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const listeners = listenersOf(controller.signal);
    const policy = retry({ world, signal: controller.signal, timeout: '1h', backoff: constant('1m') });
    const running = Array.from({ length: calls }, () => policy.execute(script([reset()])));
    const ended = Promise.allSettled(running);
    await world.advance(1);
    controller.abort('enough');
    expect((await ended).every((end) => end.status === 'rejected' && end.reason === 'enough')).toBe(true);
    // An abort takes a listener that was added with `once` away by itself.
    expect(listeners()).toBe(1);
    expect(world.pendingTimers).toBeLessThanOrEqual(1);
    await world.advance('1h');
    expect(world.pendingTimers).toBe(0);
  });
});

test(`${calls} calls of the call form, each with limits of its own, leave no timer each`, async () => {
  const world = virtualWorld();
  for (let i = 0; i < calls; i++) await retry(async () => i, { world, timeout: '30s', attemptTimeout: '10s' });
  expect(world.pendingTimers).toBeLessThanOrEqual(1);
});

test('listeners that come and go leave nothing behind', async () => {
  const world = virtualWorld();
  for (let i = 0; i < calls; i++) {
    const leave = onEvent(() => {});
    await retry(async () => i, { world });
    leave();
  }
  let heard = 0;
  const leave = onEvent(() => heard++);
  await retry(async () => 1, { world });
  leave();
  expect(heard).toBe(1);
});

test('every call that a budget hears begin, it hears end', async () => {
  const world = virtualWorld();
  let open = 0;
  const budget: RetryBudget = {
    balance: 1,
    started: () => void open++,
    failed: () => {},
    tryPay: () => 1,
    refund: () => {},
    succeeded: () => void open--,
    gaveUp: () => void open--,
  };
  const controller = new AbortController();
  const running = [
    retry(script(['ok']), { world, budget }),
    retry(script([reset(), 'ok']), { world, budget }),
    retry(script([reset()]), { world, budget }),
    retry(script([new TypeError('no')]), { world, budget }),
    retry(script([reset()]), { world, budget, signal: controller.signal, backoff: constant('1h') }),
    retry(() => new Promise(() => {}), { world, budget, timeout: '1s' }),
  ];
  const ended = Promise.allSettled(running);
  await world.advance('10s');
  controller.abort();
  await ended;
  expect(open).toBe(0);
});
