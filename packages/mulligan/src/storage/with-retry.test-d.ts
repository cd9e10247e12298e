import { expectTypeOf, test } from 'vitest';
import { retry, type RetryConfig, type Storage, withRetry } from './index.ts';

declare const storage: Storage;

test('a wrapped function keeps its type, and a call the type of its value', () => {
  const upload = async (key: string, data: Uint8Array): Promise<{ key: string }> => storage.put(key, data);
  expectTypeOf(retry()(upload)).toEqualTypeOf(upload);
  expectTypeOf(withRetry(() => storage.getBytes('a'))).toEqualTypeOf<Promise<Uint8Array>>();
});

test('a synchronous function cannot be retried so', () => {
  // @ts-expect-error it returns no promise
  retry()(() => 42);
});

test("the configuration has the seed's names", () => {
  expectTypeOf<RetryConfig>().toHaveProperty('maxRetries').toEqualTypeOf<number | undefined>();
  // @ts-expect-error attempts are counted as retries here
  const config: RetryConfig = { attempts: 3 };
  expectTypeOf(config).toEqualTypeOf<RetryConfig>();
});
