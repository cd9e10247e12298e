import { expectTypeOf, test } from 'vitest';
import { createFetch } from './index.ts';

test('it is a fetch wherever one is wanted', () => {
  expectTypeOf(createFetch()).toExtend<typeof fetch>();
  expectTypeOf(createFetch()).toExtend<(input: string, init?: RequestInit) => Promise<Response>>();
  expectTypeOf(createFetch()('https://api.test/')).resolves.toEqualTypeOf<Response>();
});

test('beside what fetch takes, a body may be a function that makes one', () => {
  const resilient = createFetch();
  expectTypeOf(
    resilient('https://api.test/', { method: 'PUT', body: () => 'text' }),
  ).resolves.toEqualTypeOf<Response>();
  expectTypeOf(resilient(new URL('https://api.test/'), { body: async () => new Uint8Array(3) })).toExtend<object>();
  // @ts-expect-error a number is no body
  void resilient('https://api.test/', { body: () => 5 });
});

test('`retry` knows that values are responses, and refuses what belongs to a single call', () => {
  createFetch({ retry: { onResult: (response) => response.status === 202 } });
  // @ts-expect-error the caller's signal is an argument of fetch
  createFetch({ retry: { signal: new AbortController().signal } });
});
