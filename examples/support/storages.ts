import { memoryStorage, type Storage, StorageConnectionError } from 'mulligan/storage';

/** A storage in memory whose first writes fail, and how often it was asked to write. */
export interface ShakyStorage extends Storage {
  readonly puts: number;
}

/** @param errors what the first writes fail with, one after the other */
export function shakyStorage(...errors: readonly Error[]): ShakyStorage {
  const storage = memoryStorage();
  const put = storage.put.bind(storage);
  let puts = 0;
  Object.defineProperty(storage, 'puts', { get: () => puts });
  return Object.assign(storage as ShakyStorage, {
    async put(...args: Parameters<Storage['put']>) {
      const error = errors[puts++];
      if (error !== undefined) throw error;
      return put(...args);
    },
  });
}

export const timedOut = (): Error => new StorageConnectionError('Connection timed out');
