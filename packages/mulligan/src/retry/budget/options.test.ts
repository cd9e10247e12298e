import { expect, test } from 'vitest';
import { InvalidOptionError } from '../../kernel/index.ts';
import { retryBudget } from './retry-budget.ts';

test.each<[string, () => unknown]>([
  ['ratio', () => retryBudget({ ratio: -0.1 })],
  ['floorPerSecond', () => retryBudget({ floorPerSecond: -1 })],
  ['capacity', () => retryBudget.quota({ capacity: 0 })],
  ['cost', () => retryBudget.quota({ cost: -1 })],
  ['costs.timeout', () => retryBudget.quota({ costs: { timeout: -1 } })],
  ['reward', () => retryBudget.quota({ reward: -1 })],
  ['maxTokens', () => retryBudget.throttle({ maxTokens: 0 })],
  ['tokenRatio', () => retryBudget.throttle({ tokenRatio: 0 })],
  ['ratio', () => retryBudget.concurrency({ ratio: -0.1 })],
  ['minConcurrency', () => retryBudget.concurrency({ minConcurrency: -1 })],
  ['minConcurrency', () => retryBudget.concurrency({ minConcurrency: 1.5 })],
])('%s out of its bounds is answered in a sentence', (option, make) => {
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(new RegExp(`^${option} must be`, 'u'));
});

test('where retries cost nothing there is no end to them', () => {
  const budget = retryBudget.quota({ cost: 0 });
  expect(budget.balance).toBe(Number.POSITIVE_INFINITY);
  expect(budget.tryPay({ category: 'reset' }, undefined)).toBe(0);
});
