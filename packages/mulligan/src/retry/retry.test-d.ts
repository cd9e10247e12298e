import { expectTypeOf } from 'vitest';
import type { AttemptContext, Policy } from '../kernel/index.ts';
import { retryContext } from './block.ts';
import { retry } from './retry.ts';
import { retrySync, type SyncPolicy } from './retry-sync.ts';
import { RetryableClient } from './retryable-client.ts';
import { RetryingCaller } from './retrying-caller.ts';

// Called at once: what the operation gives.
expectTypeOf(retry(async () => 5)).toEqualTypeOf<Promise<number>>();
expectTypeOf(retry(() => 'now', { attempts: 5 })).toEqualTypeOf<Promise<string>>();
expectTypeOf(retry(async (attempt) => attempt)).toEqualTypeOf<Promise<AttemptContext>>();
expectTypeOf(retry()).toEqualTypeOf<Policy>();
expectTypeOf(retry({ attempts: 5 })).toEqualTypeOf<Policy>();

// onResult sees the operation's values.
void retry(async () => ({ items: 1 }), { onResult: ({ items }) => items === 0 });
// @ts-expect-error -- the operation gives no text
void retry(async () => 5, { onResult: (text: string) => text === '' });
retry<{ status: number }>({ onResult: ({ status }) => status === 503 });

// Answers of a predicate.
retry({ on: () => '5s' });
retry({ on: (error) => error instanceof Error && { seconds: 5 } });
retry({ on: [TypeError, RangeError], unless: SyntaxError });
// @ts-expect-error -- a text that is no duration
retry({ on: () => 'soon' });
// @ts-expect-error -- a promise is no answer
retry({ on: async () => true });
// @ts-expect-error -- no such option
retry({ atempts: 3 });

// Wrapped functions keep generics, overloads and this.
declare function first<T>(items: readonly T[]): Promise<T>;
declare function load(id: number): Promise<number>;
declare function load(name: string, options: { deep: true }): Promise<string>;
expectTypeOf(retry()(first)(['a'])).toEqualTypeOf<Promise<string>>();
expectTypeOf(retry()(load)('a', { deep: true })).toEqualTypeOf<Promise<string>>();
// @ts-expect-error -- what blocks is for retrySync
retry()(() => 5);

// retrySync: the same for what blocks.
declare function firstSync<T>(items: readonly T[]): T;
declare function numbers(last: number): Generator<number, string>;
declare function fail(): never;
expectTypeOf(retrySync(() => 5)).toEqualTypeOf<number>();
expectTypeOf(retrySync()).toEqualTypeOf<SyncPolicy>();
expectTypeOf(retrySync()(firstSync)([1])).toEqualTypeOf<number>();
expectTypeOf(retrySync()(numbers)).toEqualTypeOf(numbers);
expectTypeOf(retrySync()(fail)).toEqualTypeOf(fail);
// @ts-expect-error -- a function that returns a promise is for retry
retrySync()(load);

// A block.
for await (const attempt of retryContext({ attempts: 3 })) {
  const result = await attempt.run(async () => 5);
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<number>();
  // @ts-expect-error -- no value before ok is known
  void result.value;
}
for (const attempt of retryContext()) {
  const result = attempt.runSync(() => 'text');
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<string>();
}

// A caller and a client.
const caller = new RetryingCaller({ attempts: 5 }).on(TypeError);
expectTypeOf(caller.call(async (id: number, deep?: boolean) => ({ id, deep }), 7)).toEqualTypeOf<
  Promise<{ id: number; deep: boolean | undefined }>
>();
expectTypeOf(caller.callSync((id: number) => String(id), 7)).toEqualTypeOf<string>();
expectTypeOf(caller.callOn(TypeError, async (id: number) => id, 7)).toEqualTypeOf<Promise<number>>();
// @ts-expect-error -- the argument is a number
void caller.call(async (id: number) => id, 'seven');
const client = new RetryableClient();
expectTypeOf(client.withAsyncRetry(first)([1])).toEqualTypeOf<Promise<number>>();
expectTypeOf(client.withRetry(firstSync)([1])).toEqualTypeOf<number>();
