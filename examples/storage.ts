// Seed 4: operations of a storage, wrapped or called, with the settings of the moment.
// #region storage
import { retry, TimeoutError } from 'mulligan';
import { litestar } from 'mulligan/presets';
// #endregion

class RateLimitError extends Error {}

const stored = new Map<string, string>();
let puts = 0;
const storage = {
  async put(key: string, text: string): Promise<{ key: string }> {
    puts++;
    if (puts % 2 === 1)
      throw puts === 1 ? Object.assign(new Error('reset'), { code: 'ECONNRESET' }) : new RateLimitError();
    stored.set(key, text);
    return { key };
  },
};

// #region storage
// Wrapped: the type stays what it was.
const uploadFile = retry(litestar.retryConfig({ maxRetries: 5, baseDelay: '0.1s' }))(
  async (key: string, text: string) => storage.put(key, text),
);
await uploadFile('a.txt', 'one');

// Called: with a configuration that is only known now.
const retryableExceptions = [RateLimitError, TimeoutError];
const options = litestar.retryConfig({ maxRetries: 2, baseDelay: '0.1s', retryableExceptions });
const { key } = await retry(() => storage.put('b.txt', 'two'), { ...options, attemptTimeout: '30s' });
// #endregion

console.log(`stored ${[...stored.keys()].join(' and ')} with ${puts} attempts; the last was ${key}`);
