// Seed 4, best practices: keys made before, time limits, failing fast, figures.
import { shakyStorage, timedOut } from './support/storages.js';

const storage = shakyStorage(timedOut(), timedOut());

// #region unique
import { withRetry } from 'mulligan/storage';

async function createUniqueFile(data: Uint8Array): Promise<string> {
  // Made before the first attempt: all attempts write the same object.
  const key = `files/${crypto.randomUUID()}.dat`;
  await withRetry(() => storage.put(key, data), { baseDelay: '10ms' });
  return key;
}
// #endregion

// #region timeout
async function uploadWithTimeout(key: string, data: Uint8Array): Promise<void> {
  // Each attempt has 30 seconds: then its signal ends the request, and the next attempt begins.
  await withRetry(({ signal }) => storage.put(key, data, { signal }), {
    maxRetries: 3,
    attemptTimeout: '30s',
  });
}
// #endregion

// #region fast
import { retry } from 'mulligan/storage';

// Somebody is waiting: fail soon.
const handleUpload = retry({ maxRetries: 1, baseDelay: '0.5s' })(async (key: string, data: Uint8Array) => {
  await storage.put(key, data);
});

// Nobody is waiting.
const processBatchUpload = retry({ maxRetries: 10, baseDelay: '5s' })(async (key: string, data: Uint8Array) => {
  await storage.put(key, data);
});
// #endregion

const data = new TextEncoder().encode('hello');
const key = await createUniqueFile(data);
console.log(/^files\/[0-9a-f-]{36}\.dat$/u.test(key), 'after', storage.puts, 'attempts');
await uploadWithTimeout('a.txt', data);
await handleUpload('b.txt', data);
await processBatchUpload('c.txt', data);

const shaky = shakyStorage(timedOut());

// #region metrics
import { metricsStore } from 'mulligan/telemetry';

const metrics = metricsStore();

const uploadWithMetrics = retry({ baseDelay: '10ms', onEvent: metrics.listener })(async (
  key: string,
  data: Uint8Array,
) => {
  await shaky.put(key, data);
});

await uploadWithMetrics('a.txt', data);
await uploadWithMetrics('b.txt', data);
const { retryRate, successAfterRetryRate, exhausted } = metrics.summary();
console.log({ retryRate, successAfterRetryRate, exhausted });
// #endregion
