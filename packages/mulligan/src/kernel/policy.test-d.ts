import { expectTypeOf } from 'vitest';
import { definePolicy, type Policy } from './policy.ts';
import { pipeline } from './pipeline.ts';

const policy: Policy = definePolicy(async (next, context) => next(context), { kind: 'plain' });

// Arguments, optional ones, results and `this` stay.
const fetchUser = async (id: number, options?: { fresh: boolean }): Promise<{ name: string }> => ({
  name: `${id}${String(options)}`,
});
expectTypeOf(policy(fetchUser)).toEqualTypeOf(fetchUser);
expectTypeOf(pipeline(policy, policy)(fetchUser)).toEqualTypeOf(fetchUser);

// Generics stay.
declare function first<T>(items: readonly T[]): Promise<T>;
expectTypeOf(policy(first)([1, 2])).toEqualTypeOf<Promise<number>>();
expectTypeOf(policy(first)(['a'])).toEqualTypeOf<Promise<string>>();

// Overloads stay.
declare function load(id: number): Promise<number>;
declare function load(name: string, options: { deep: true }): Promise<string>;
expectTypeOf(policy(load)(1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(policy(load)('a', { deep: true })).toEqualTypeOf<Promise<string>>();
// @ts-expect-error -- no overload takes a name alone
void policy(load)('a');

// `this` stays.
declare function method(this: { base: string }, path: string): Promise<string>;
expectTypeOf(policy(method)).toEqualTypeOf(method);

// Thenables and async generators are accepted, what blocks is not.
declare function thenable(): PromiseLike<number>;
declare function numbers(): AsyncGenerator<number>;
expectTypeOf(policy(thenable)).toEqualTypeOf(thenable);
expectTypeOf(policy(numbers)).toEqualTypeOf(numbers);
// @ts-expect-error -- a function that blocks: retrySync is for those
policy(() => 5);

// execute gives what the operation gives.
expectTypeOf(policy.execute(async (attempt) => attempt.number)).toEqualTypeOf<Promise<number>>();
expectTypeOf(policy.execute(() => 'now')).toEqualTypeOf<Promise<string>>();
