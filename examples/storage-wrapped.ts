// Seed 4, a storage that retries: every operation, of a storage in a folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = await mkdtemp(join(tmpdir(), 'mulligan-example-'));

// #region wrapped
import { retryableStorage } from 'mulligan/storage';
import { fsStorage } from 'mulligan/storage/fs';

const storage = retryableStorage(fsStorage({ root }), { maxRetries: 5, baseDelay: '0.5s' });

const { key, etag, lastModified } = await storage.put('notes/today.txt', 'remember the milk', {
  contentType: 'text/plain',
  metadata: { author: 'ada' },
});
// #endregion

console.log(key, typeof etag, lastModified instanceof Date);

// #region reading
const bytes = await storage.getBytes(key);
const { stream, contentType, sizeBytes } = await storage.get(key, { range: { offset: 0, length: 8 } });
const { metadata } = await storage.info(key);
// #endregion

console.log(new TextDecoder().decode(bytes), '·', await new Response(stream).text(), contentType, sizeBytes, metadata);

// #region others
await storage.copy(key, 'notes/copy.txt');
await storage.move('notes/copy.txt', 'archive/today.txt');
for await (const { key, sizeBytes } of storage.list({ prefix: 'archive/' })) console.log(key, sizeBytes);
await storage.delete(key);
console.log(await storage.exists(key));
// #endregion

// #region errors
import { StorageConfigurationError, StorageFileNotFoundError } from 'mulligan/storage';

try {
  await storage.getBytes('notes/yesterday.txt');
} catch (error) {
  if (!(error instanceof StorageFileNotFoundError)) throw error;
  console.log(error.message, error.code);
}
// #endregion

await storage.url('archive/today.txt').catch((error: unknown) => {
  console.log(error instanceof StorageConfigurationError && error.message);
});
await rm(root, { recursive: true });
