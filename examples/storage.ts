// Seed 4, the decorator: operations of a storage, wrapped and decorated.
import { shakyStorage, timedOut } from './support/storages.js';

const storage = shakyStorage(timedOut(), timedOut());

// #region decorator
import { retry } from 'mulligan/storage';

/** Three retries, after about 1, 2 and 4 seconds. */
const uploadFile = retry()(async (key: string, data: Uint8Array) => {
  await storage.put(key, data);
});

/** Other settings for what matters more. */
const uploadCriticalFile = retry({ maxRetries: 5, baseDelay: '0.5s' })(async (key: string, data: Uint8Array) => {
  await storage.put(key, data);
});
// #endregion

// #region avatar
class Avatars {
  @retry({ baseDelay: '10ms' })
  async store(userId: string, image: Uint8Array): Promise<string> {
    const stored = await storage.put(`avatars/${userId}.jpg`, image, { contentType: 'image/jpeg' });
    return stored.key;
  }
}
// #endregion

// #region config
import type { RetryConfig } from 'mulligan/storage';

const criticalRetry: RetryConfig = { maxRetries: 5, baseDelay: '10ms', maxDelay: '30s' };

const storePaymentReceipt = retry(criticalRetry)(async (receiptId: string, pdf: Uint8Array) => {
  await storage.put(`receipts/${receiptId}.pdf`, pdf);
});
// #endregion

// #region exceptions
import { TimeoutError } from 'mulligan';
import { StorageConnectionError } from 'mulligan/storage';

class RateLimitError extends Error {}

const uploadWithRateLimits = retry({
  baseDelay: '10ms',
  retryableExceptions: [StorageConnectionError, TimeoutError, RateLimitError],
})(async (key: string, data: Uint8Array) => {
  await limited.put(key, data);
});
// #endregion

const limited = shakyStorage(new RateLimitError('429'));
const data = new TextEncoder().encode('hello');

console.log(await new Avatars().store('ada', data), 'after', storage.puts, 'attempts');
await uploadFile('a.txt', data);
await uploadCriticalFile('b.txt', data);
await storePaymentReceipt('7', data);
await uploadWithRateLimits('c.txt', data);
console.log('a rate limit took', limited.puts, 'attempts');
