import { afterEach, expect, test, vi } from 'vitest';
import { type RetryBudget, systemWorld, type World } from '../kernel/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

afterEach(() => {
  vi.useRealTimers();
});

test('after a failed attempt: classify, compute the wait, pay, call the hooks, wait, close their scopes, try again', async () => {
  const virtual = virtualWorld();
  const order: string[] = [];
  const world: World = {
    ...systemWorld,
    now: virtual.now,
    wallNow: virtual.wallNow,
    setTimer: (callback, delayMs) => {
      order.push(`wait ${delayMs}`);
      return virtual.setTimer(callback, delayMs);
    },
  };
  const operation = script([reset(), 'ok']);
  const run = async (): Promise<string> => {
    order.push('attempt');
    return operation();
  };
  const call = retry(run, {
    world,
    unless: () => {
      order.push('unless');
      return false;
    },
    on: () => {
      order.push('on');
      return true;
    },
    backoff: (number, _previousMs, random) => {
      if (random !== world.random) return 0;
      order.push(`backoff ${number}`);
      return 1000;
    },
    budget: {
      balance: 1,
      started: () => void order.push('started'),
      failed: () => void order.push('failed'),
      tryPay: () => order.push('pay'),
      refund: () => {},
      succeeded: () => void order.push('succeeded'),
      gaveUp: () => {},
    },
    onRetry: () => {
      order.push('hook');
      return { [Symbol.dispose]: () => void order.push('close') };
    },
    onEvent: ({ type }) => void order.push(type),
  });
  await virtual.run(call);
  expect(order).toEqual([
    ...'started attempt unless on'.split(' '),
    'backoff 1',
    ...'failed pay hook retry.scheduled'.split(' '),
    'wait 1000',
    ...'close attempt succeeded call.succeeded'.split(' '),
  ]);
});

test("a wait longer than the platform's 24.8 days is waited for, not skipped", async () => {
  vi.useFakeTimers();
  const operation = script([reset(), 'ok']);
  const call = retry(operation, { backoff: constant('60d') });
  await vi.advanceTimersByTimeAsync(59 * 86_400_000);
  expect(operation.calls).toBe(1);
  await vi.advanceTimersByTimeAsync(86_400_000);
  await expect(call).resolves.toBe('ok');
});

test('the full answer of a predicate: why not, at least how long, and who says so', async () => {
  const world = virtualWorld();
  const refused = await errorOf(retry(script([reset()]), { on: () => ({ retry: false, reason: 'server-said-no' }) }));
  expect(ledgerOf(refused)?.reason).toBe('server-said-no');
  const on = (): { retry: true; atLeastMs: number; source: 'rate-limit' } => ({
    retry: true,
    atLeastMs: 5000,
    source: 'rate-limit',
  });
  const limited = await world.run(errorOf(retry(script([reset()]), { world, on, attempts: 2 })));
  expect(ledgerOf(limited)?.entries[0]).toMatchObject({ waitMs: 5000, waitSource: 'rate-limit' });
  const onResult = (text: string) => (text === 'gone' ? { retry: false, reason: 'fatal' as const } : text === '');
  const operation = script(['', 'gone', 'never']);
  await expect(world.run(retry(operation, { world, onResult }))).resolves.toBe('gone');
  expect(operation.calls).toBe(2);
});

test('a budget of somebody else that throws ends the call, it does not hang it', async () => {
  const world = virtualWorld();
  const ok: RetryBudget = {
    balance: 1,
    started() {},
    failed() {},
    tryPay: () => 1,
    refund() {},
    succeeded() {},
    gaveUp() {},
  };
  const broken = (): never => {
    throw new Error('broken budget');
  };
  for (const budget of [
    { ...ok, tryPay: broken },
    { ...ok, failed: broken },
    { ...ok, succeeded: broken },
  ]) {
    const first = retry(script([reset(), reset(), 'ok']), { world, budget, backoff: constant(0) });
    await expect(world.run(first)).rejects.toThrow('broken budget');
    const waiting = retry(script([reset(), reset(), 'ok']), { world, budget, backoff: constant(5) });
    await expect(world.run(waiting)).rejects.toThrow('broken budget');
  }
});

test.each([undefined, null, 5, 'text', Symbol('s')])('%s has no ledger', (value) => {
  expect(ledgerOf(value)).toBeUndefined();
});
