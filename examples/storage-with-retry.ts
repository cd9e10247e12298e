// Seed 4, with_retry: one operation inside of a function, with the settings of the moment.
import { shakyStorage, timedOut } from './support/storages.js';

const storage = shakyStorage(timedOut(), timedOut(), timedOut());

// #region inline
import { withRetry } from 'mulligan/storage';

async function processUpload(key: string, data: Uint8Array): Promise<void> {
  // Only the operation of the storage is repeated.
  await withRetry(() => storage.put(key, data), { maxRetries: 3, baseDelay: '10ms' });
}
// #endregion

// #region batch
async function batchUpload(files: Record<string, Uint8Array>): Promise<string[]> {
  const uploaded: string[] = [];
  for (const [key, data] of Object.entries(files)) {
    // Each file has retries of its own.
    const { key: stored } = await withRetry(() => storage.put(key, data), { maxRetries: 2 });
    uploaded.push(stored);
  }
  return uploaded;
}
// #endregion

// #region dynamic
const configs = {
  critical: { maxRetries: 10, baseDelay: '0.1s' },
  high: { maxRetries: 5, baseDelay: '0.5s' },
  normal: { maxRetries: 2, baseDelay: '1s' },
} as const;

async function uploadWithPriority(key: string, data: Uint8Array, priority: keyof typeof configs): Promise<void> {
  await withRetry(() => storage.put(key, data), configs[priority]);
}
// #endregion

const data = new TextEncoder().encode('hello');
await processUpload('a.txt', data);
console.log('stored at attempt', storage.puts);
console.log(await batchUpload({ 'b.txt': data, 'c.txt': data }));
await uploadWithPriority('d.txt', data, 'critical');
