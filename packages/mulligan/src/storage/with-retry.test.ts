import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { InvalidOptionError, TimeoutError } from '../kernel/index.ts';
import { failure, recorder, script, value, virtualWorld } from '../testing/index.ts';
import { retry, type RetryConfig, StorageConnectionError, StorageFileNotFoundError, withRetry } from './index.ts';

const { litestar } = JSON.parse(readFileSync(new URL('../presets/vectors.json', import.meta.url), 'utf8')) as {
  litestar: readonly Record<string, unknown>[];
};
const vector = (id: string): Record<string, unknown> => litestar.find((each) => each['id'] === id)!;

const lost = new StorageConnectionError('Connection timed out');

/** Runs a call that fails so often on virtual time. */
async function run(config: RetryConfig, given: { drawn?: number; failures?: number; error?: unknown } = {}) {
  const { drawn = 0.5, failures = 100, error = lost } = given;
  const world = virtualWorld({ seed: () => drawn });
  const log = recorder();
  const operation = script([...Array.from({ length: failures }, () => failure(error)), value('ok')], { world });
  const call = withRetry(operation, { ...config, world, onEvent: log });
  const outcome = await world.run(
    call.then(
      (value: unknown) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    ),
  );
  return { calls: operation.calls, waits: log.waitsMs.map((ms) => ms / 1000), outcome };
}

test('the waits double from a second to a minute, as the storage seed says', async () => {
  const plain = await run({ maxRetries: 4, jitter: false });
  expect(plain.waits).toEqual(vector('L2')['expect_series']);
  const longest = await run({ maxRetries: 7, jitter: false });
  expect(longest.waits).toEqual([1, 2, 4, 8, 16, 32, 60]);
});

test('jitter is a quarter more or less, even above the longest wait', async () => {
  expect((await run({ maxRetries: 8 }, { drawn: 0 })).waits).toEqual(vector('L3')['expect_series']);
  const [longest] = (await run({ maxRetries: 1, baseDelay: '1m' }, { drawn: 1 - 2 ** -53 })).waits;
  expect(longest).toBeCloseTo(75, 6);
});

test('the last error is thrown itself, after one try and all retries', async () => {
  const { calls, outcome } = await run({ maxRetries: 2 });
  expect(calls).toBe((vector('L5')['expect'] as { calls: number }).calls);
  expect(outcome).toEqual({ thrown: lost });
  expect((await run({ maxRetries: 0 })).calls).toBe(1);
  expect((await run({}, { failures: 3 })).outcome).toEqual({ value: 'ok' });
});

test('the seed has defaults: three retries, of connections and time-outs only', async () => {
  expect((await run({})).calls).toBe(4);
  for (const error of [
    lost,
    new TimeoutError('put', 5, 'attempt'),
    Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
  ]) {
    expect((await run({ maxRetries: 1 }, { error })).calls, String(error)).toBe(2);
  }
  for (const error of [new StorageFileNotFoundError('a'), new TypeError('x'), new Error('x')]) {
    expect((await run({ maxRetries: 1 }, { error })).calls, String(error)).toBe(1);
  }
});

test('retryableExceptions take the place of the defaults', async () => {
  class RateLimitError extends Error {}
  const config = { maxRetries: 1, retryableExceptions: [RateLimitError] };
  expect((await run(config, { error: new RateLimitError() })).calls).toBe(2);
  expect((await run(config)).calls).toBe(1);
});

test('a storage that asks to wait is not asked earlier', async () => {
  const busy = new StorageConnectionError('slow down', { retryAfterMs: 9000 });
  expect((await run({ maxRetries: 1, jitter: false }, { error: busy })).waits).toEqual([9]);
});

test('retry wraps a function and keeps its type and name', async () => {
  const world = virtualWorld();
  let calls = 0;
  const upload = retry({ maxRetries: 2, world })(async function uploadFile(key: string): Promise<{ key: string }> {
    if (++calls < 3) throw lost;
    return { key };
  });
  expect(upload.name).toBe('uploadFile');
  expect(await world.run(upload('a.txt'))).toEqual({ key: 'a.txt' });
});

test('a wrong configuration is answered in a sentence', async () => {
  await expect(withRetry(async () => 1, { maxRetries: -1 })).rejects.toThrow(
    'maxRetries must be a whole number of at least 0, got -1',
  );
  expect(() => retry({ max_retries: 3 } as RetryConfig)).toThrow(
    "RetryConfig has no option 'max_retries': did you mean 'maxRetries'?",
  );
  expect(() => retry({ baseDelay: '1 parsec' as never })).toThrow(InvalidOptionError);
});
