import { expect, test, vi } from 'vitest';
import type { Context } from './context.ts';
import { InvalidOptionError } from './error.ts';
import { pipeline } from './pipeline.ts';
import { definePolicy, type Policy, type PolicyDescription } from './policy.ts';

const trace: string[] = [];
const tracing = (kind: string, more: Partial<PolicyDescription> = {}): Policy =>
  definePolicy(
    async (next, context) => {
      trace.push(`${kind} in`);
      try {
        return await next(context.derive({ number: context.number + 1 }));
      } finally {
        trace.push(`${kind} out`);
      }
    },
    { kind, ...more },
  );

test('the reading order is the execution order, and the context goes through all', async () => {
  trace.length = 0;
  const operation = vi.fn<(context: Context) => string>(() => 'done');
  await expect(pipeline(tracing('a'), tracing('b'), tracing('c')).execute(operation as never)).resolves.toBe('done');
  expect(trace).toEqual(['a in', 'b in', 'c in', 'c out', 'b out', 'a out']);
  expect(operation.mock.calls[0]?.[0].number).toBe(4);
});

test('a pipeline is a policy: it wraps functions and stands in pipelines', async () => {
  trace.length = 0;
  const inner = pipeline(tracing('b'), tracing('c'));
  await expect(pipeline(tracing('a'), inner)(async (x: number) => x * 2)(21)).resolves.toBe(42);
  expect(trace.slice(0, 3)).toEqual(['a in', 'b in', 'c in']);
});

test('a pipeline of nothing changes nothing', async () => {
  await expect(pipeline()(async () => 1)()).resolves.toBe(1);
});

test('what a layer throws at once is a rejection, too', async () => {
  const broken = definePolicy(
    () => {
      throw new Error('broken');
    },
    { kind: 'broken' },
  );
  await expect(pipeline(tracing('a'), broken).execute(() => 1)).rejects.toThrow('broken');
});

test('an inner limit that can never be reached is answered in a sentence', () => {
  const total = tracing('timeout', { timeoutMs: 1000 });
  const attempt = tracing('retry', { attemptTimeoutMs: 5000 });
  expect(() => pipeline(total, attempt)).toThrow(
    'the inner retry of 5 s can never end anything inside the outer timeout of 1 s: make it shorter, or swap them',
  );
  expect(() => pipeline(total, tracing('timeout', { timeoutMs: 1000 }))).toThrow(InvalidOptionError);
  expect(() => pipeline(tracing('timeout', { timeoutMs: 5000 }), total)).not.toThrow();
});

test('a limit inside of a nested pipeline counts, too', () => {
  const inner = pipeline(tracing('timeout', { timeoutMs: 5000 }));
  expect(() => pipeline(tracing('timeout', { timeoutMs: 1000 }), inner)).toThrow('the inner pipeline of 5 s');
});

test('only policies can be composed', () => {
  expect(() => pipeline((() => {}) as unknown as Policy)).toThrow(
    "expected a policy, such as retry() or timeout('2s'), got a function",
  );
});
