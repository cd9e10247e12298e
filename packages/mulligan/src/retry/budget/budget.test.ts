import { describe, expect, test } from 'vitest';
import type { RetryBudget } from '../../kernel/index.ts';
import { recorder, script, virtualWorld } from '../../testing/index.ts';
import { constant } from '../backoff.ts';
import { ledgerOf } from '../ledger.ts';
import { retry } from '../retry.ts';
import { retryBudget } from './retry-budget.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

/** A budget that writes down what it is told. */
function spy(payable = Number.POSITIVE_INFINITY): { budget: RetryBudget; told: string[] } {
  const told: string[] = [];
  let left = payable;
  const budget: RetryBudget = {
    balance: 0,
    started: () => void told.push('started'),
    failed: ({ category }) => void told.push(`failed ${String(category)}`),
    tryPay: (_failure, price) => {
      told.push(`pay after ${String(price)}`);
      return left-- > 0 ? 5 : undefined;
    },
    refund: (price) => void told.push(`refund ${price}`),
    succeeded: (price) => void told.push(`succeeded ${String(price)}`),
    gaveUp: (price) => void told.push(`gave up ${String(price)}`),
  };
  return { budget, told };
}

describe('a retry tells its budget', () => {
  test('of a success at once, with no price', async () => {
    const { budget, told } = spy();
    await retry(script(['ok']), { budget });
    expect(told).toEqual(['started', 'succeeded undefined']);
  });

  test('of each failure with its category, and of the price of the newest retry', async () => {
    const { budget, told } = spy();
    const world = virtualWorld();
    await world.run(retry(script([reset(), reset(), 'ok']), { budget, world }));
    expect(told).toEqual([
      'started',
      'failed reset',
      'pay after undefined',
      'failed reset',
      'pay after 5',
      'succeeded 5',
    ]);
  });

  test('of a last failure without asking for more', async () => {
    const { budget, told } = spy();
    const world = virtualWorld();
    await world.run(errorOf(retry(script([reset()]), { budget, world, attempts: 2 })));
    expect(told.slice(-2)).toEqual(['failed reset', 'gave up 5']);
  });

  test('nothing of failures that no retry would better', async () => {
    const { budget, told } = spy();
    await errorOf(retry(script([new TypeError('no')]), { budget }));
    expect(told).toEqual(['started', 'gave up undefined']);
  });

  test('to give back what was paid for a retry that an abort prevented', async () => {
    const { budget, told } = spy();
    const world = virtualWorld();
    const controller = new AbortController();
    const call = retry(script([reset()]), { budget, world, signal: controller.signal, backoff: constant('1h') });
    await world.advance(1);
    controller.abort('enough');
    await errorOf(call);
    expect(told.slice(-2)).toEqual(['refund 5', 'gave up undefined']);
  });

  test('of values that were not accepted, without a category', async () => {
    const { budget, told } = spy();
    const world = virtualWorld();
    await world.run(retry(script(['', 'ok']), { budget, world, onResult: (text) => text === '' }));
    expect(told[1]).toBe('failed undefined');
  });
});

test('out of budget, a call gives up at once with its last error', async () => {
  const { budget } = spy(1);
  const world = virtualWorld();
  const log = recorder();
  const last = reset();
  const operation = script([reset(), last, 'never']);
  const error = await world.run(errorOf(retry(operation, { budget, world, onEvent: log })));
  expect(error).toBe(last);
  expect(ledgerOf(error)).toMatchObject({ attempts: 2, reason: 'budget' });
  expect(log.types).toEqual(['retry.scheduled', 'call.failed']);
});

test('a storm of failing calls is bounded: 1 000 calls make 200 retries and the floor, not 2 000', async () => {
  const world = virtualWorld();
  const budget = retryBudget({ ratio: 0.2, floorPerSecond: 1, window: '10s', world });
  const operation = script([reset()]);
  const policy = retry({ budget, world, backoff: constant(1) });
  await world.run(Promise.allSettled(Array.from({ length: 1000 }, () => policy.execute(operation))));
  expect(operation.calls).toBe(1000 + 200 + 10);
});

test('one budget bounds all policies that share it', async () => {
  const world = virtualWorld();
  const budget = retryBudget({ ratio: 0, floorPerSecond: 1, window: '2s', world });
  const operation = script([reset()]);
  for (const attempts of [5, 9]) {
    await world.run(errorOf(retry(operation, { attempts, budget, world, backoff: constant(0) })));
  }
  expect(operation.calls).toBe(2 + 2);
});

test("gRPC's throttle stops retries while failures prevail, and lets them pass when calls succeed again", async () => {
  const world = virtualWorld();
  const budget = retryBudget.throttle({ maxTokens: 4, tokenRatio: 1 });
  const bad = script([reset()]);
  await world.run(errorOf(retry(bad, { attempts: 9, budget, world })));
  expect(bad.calls).toBe(2);
  await retry(script(['ok']), { budget, world });
  const again = script([reset(), 'ok']);
  await expect(world.run(errorOf(retry(again, { budget, world })))).resolves.toBeInstanceOf(Error);
  for (let i = 0; i < 4; i++) await retry(script(['ok']), { budget, world });
  await expect(world.run(retry(script([reset(), 'ok']), { budget, world }))).resolves.toBe('ok');
});
