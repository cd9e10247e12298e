import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidOptionError, type RetryBudget, systemWorld } from '../../kernel/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { retryBudget } from './retry-budget.ts';

const reset = { category: 'reset' } as const;

/** Pays for as many retries as the budget allows, at most `most`. */
function spend(budget: RetryBudget, most = 100_000): number {
  let paid = 0;
  while (paid < most && budget.tryPay(reset, undefined) !== undefined) paid++;
  return paid;
}

function begin(budget: RetryBudget, calls: number): void {
  for (let i = 0; i < calls; i++) budget.started();
}

describe('a ratio budget', () => {
  test.each([
    { ratio: 0.2, floorPerSecond: 10 },
    { ratio: 0.2, floorPerSecond: 0 },
    { ratio: 0.1, floorPerSecond: 7 },
    { ratio: 1.5, floorPerSecond: 3 },
  ])("meets Finagle's acceptance rule with %o: 10 000 calls earn 10 000 × ratio + floor × window, ± 1", (options) => {
    const budget = retryBudget({ ...options, world: virtualWorld() });
    begin(budget, 10_000);
    const expected = 10_000 * options.ratio + options.floorPerSecond * 10;
    expect(Math.abs(spend(budget) - expected)).toBeLessThanOrEqual(1);
  });

  test('five calls earn exactly one retry at 20 %', () => {
    const budget = retryBudget({ floorPerSecond: 0, world: virtualWorld() });
    begin(budget, 4);
    expect(spend(budget)).toBe(0);
    begin(budget, 1);
    expect(spend(budget)).toBe(1);
  });

  test('what was earned and what was spent both expire with the window', async () => {
    const world = virtualWorld();
    const budget = retryBudget({ floorPerSecond: 1, window: '10s', world });
    begin(budget, 100);
    expect(spend(budget)).toBe(30);
    await world.advance('5s');
    expect(budget.balance).toBe(0);
    await world.advance('5s');
    expect(budget.balance).toBe(10);
  });

  test('without burst an idle client may spend a whole window of the floor at once; with burst only that many', async () => {
    const world = virtualWorld();
    expect(spend(retryBudget({ world }))).toBe(100);
    const capped = retryBudget({ burst: 5, world });
    expect(spend(capped)).toBe(5);
    await world.advance(300);
    expect(spend(capped)).toBe(3);
    begin(capped, 10);
    expect(spend(capped)).toBe(2);
  });

  test('a retry that was not made is given back', () => {
    const budget = retryBudget({ ratio: 1, floorPerSecond: 0, world: virtualWorld() });
    begin(budget, 1);
    expect(spend(budget)).toBe(1);
    budget.refund(1);
    expect(spend(budget)).toBe(1);
  });

  test('a refund that outlives its payment earns nothing', async () => {
    const world = virtualWorld();
    const budget = retryBudget({ ratio: 0, floorPerSecond: 1, window: '1s', world });
    expect(spend(budget)).toBe(1);
    await world.advance(900);
    budget.refund(1);
    await world.advance(150);
    expect(spend(budget)).toBe(1);
  });

  test('never lets more retries through in a window than ratio × calls + floor × window', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('call' as const) }),
      fc.record({ kind: fc.constant('retry' as const) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.double({ min: 0, max: 2, noNaN: true }), (steps, ratio) => {
        let nowMs = 0;
        const world = { ...systemWorld, now: () => nowMs };
        const budget = retryBudget({ ratio, floorPerSecond: 1, window: '5s', world });
        const calls: number[] = [];
        const retries: number[] = [];
        for (const step of steps) {
          if (step.kind === 'wait') nowMs += step.ms;
          else if (step.kind === 'call') {
            calls.push(nowMs);
            budget.started();
          } else if (budget.tryPay(reset, undefined) !== undefined) retries.push(nowMs);
          // Slices make the window of spending at most a tenth shorter than the window of earning.
          const since = (times: number[], ms: number): number => times.filter((at) => at > nowMs - ms).length;
          expect(since(retries, 4500)).toBeLessThanOrEqual(since(calls, 9500) * ratio + 5 + 1e-6);
        }
      }),
    );
  });

  test.each([
    [{ ratio: -1 }, 'ratio must be a number from 0 to 1000, got -1'],
    [{ window: '2m' }, 'window must be at most 60 s'],
    [{ window: 10 }, 'window must be at least 1000 ms, got 10'],
    [{ burst: 0 }, 'burst must be a number of at least 1, got 0'],
    [{ floor: 1 }, "retryBudget has no option 'floor'"],
  ])('answers %o in a sentence', (options, sentence) => {
    expect(() => retryBudget(options as never)).toThrow(sentence);
    expect(() => retryBudget(options as never)).toThrow(InvalidOptionError);
  });
});

describe('a quota budget', () => {
  test('starts with 500 tokens: 35 retries at 14, or 100 at 5 after rate limits', () => {
    expect(spend(retryBudget.quota())).toBe(35);
    const throttled = retryBudget.quota();
    let paid = 0;
    while (throttled.tryPay({ category: 'rate-limit' }, undefined) !== undefined) paid++;
    expect(paid).toBe(100);
  });

  test('the older figures of the AWS SDKs are options', () => {
    const older = retryBudget.quota({ cost: 5, costs: { timeout: 10 } });
    expect(older.tryPay(reset, undefined)).toBe(5);
    expect(older.tryPay({ category: 'timeout' }, undefined)).toBe(10);
    expect(older.balance).toBe(97);
  });

  test('gives 1 back for a first success, the price for a retry that succeeded, and nothing for a failure', () => {
    const budget = retryBudget.quota({ capacity: 28, cost: 14 });
    expect(spend(budget)).toBe(2);
    budget.gaveUp(14);
    expect(budget.balance).toBe(0);
    for (let i = 0; i < 13; i++) budget.succeeded(undefined);
    expect(budget.balance).toBe(0);
    budget.succeeded(undefined);
    expect(budget.balance).toBe(1);
    budget.succeeded(14);
    expect(budget.balance).toBe(2);
  });

  test('never holds more than its capacity or less than nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('pay', 'ok', 'retried', 'refund'), { maxLength: 300 }), (steps) => {
        const budget = retryBudget.quota({ capacity: 50, cost: 7 });
        for (const step of steps) {
          if (step === 'pay') budget.tryPay(reset, undefined);
          else if (step === 'refund') budget.refund(7);
          else budget.succeeded(step === 'ok' ? undefined : 7);
          expect(budget.balance).toBeGreaterThanOrEqual(0);
          expect(budget.balance).toBeLessThanOrEqual(7);
        }
      }),
    );
  });
});

describe('a throttle budget', () => {
  test('stops retries at half of its tokens, and lets them pass again after enough successes', () => {
    const budget = retryBudget.throttle({ maxTokens: 10, tokenRatio: 0.1 });
    for (let failures = 1; failures <= 4; failures++) {
      budget.failed(reset);
      expect(budget.tryPay(reset, undefined)).toBe(0);
    }
    budget.failed(reset);
    expect(budget.tryPay(reset, undefined)).toBeUndefined();
    budget.succeeded(undefined);
    expect(budget.tryPay(reset, undefined)).toBe(0);
  });

  test('counts three decimals of the ratio exactly: 0.1 ten times is one token', () => {
    const budget = retryBudget.throttle({ maxTokens: 4, tokenRatio: 0.1009 });
    for (let i = 0; i < 3; i++) budget.failed(reset);
    for (let i = 0; i < 10; i++) budget.succeeded(undefined);
    expect(budget.tryPay(reset, undefined)).toBeUndefined();
    budget.succeeded(undefined);
    expect(budget.balance).toBe(1);
  });

  test('never falls below nothing: recovery takes maxTokens / 2 / tokenRatio successes at most', () => {
    const budget = retryBudget.throttle({ maxTokens: 10, tokenRatio: 1 });
    for (let i = 0; i < 1000; i++) budget.failed(reset);
    for (let i = 0; i < 5; i++) budget.succeeded(undefined);
    expect(budget.tryPay(reset, undefined)).toBeUndefined();
    budget.succeeded(undefined);
    expect(budget.tryPay(reset, undefined)).toBe(0);
  });
});

describe('a concurrency budget', () => {
  test('lets a fifth of the calls in flight retry, and never one more', () => {
    const budget = retryBudget.concurrency({ minConcurrency: 0 });
    begin(budget, 20);
    expect(spend(budget)).toBe(4);
    budget.succeeded(1);
    // 19 calls are left: a fifth of them is 3, and 3 retry.
    expect(spend(budget)).toBe(0);
  });

  test('always lets three retry, so that quiet clients can', () => {
    const budget = retryBudget.concurrency();
    begin(budget, 3);
    expect(spend(budget)).toBe(3);
  });

  test('a call that retries again keeps its place instead of taking a second', () => {
    const budget = retryBudget.concurrency({ minConcurrency: 1 });
    begin(budget, 2);
    const price = budget.tryPay(reset, undefined);
    expect(budget.tryPay(reset, price)).toBe(1);
    expect(budget.tryPay(reset, undefined)).toBeUndefined();
    budget.gaveUp(price);
    expect(budget.tryPay(reset, undefined)).toBe(1);
  });
});

test('a keyed budget keeps a storm at one host from taking the retries of another', () => {
  const world = virtualWorld();
  const budgets = retryBudget.keyed(() => retryBudget({ floorPerSecond: 1, world }), { maxKeys: 2 });
  expect(spend(budgets.for('a'))).toBe(10);
  expect(budgets.for('a').balance).toBe(0);
  expect(budgets.for('b').balance).toBe(10);
  budgets.for('c');
  expect(budgets.size).toBe(2);
});
