// Seed 4, next steps: a backend of one's own, and the contract that it keeps.
// #region backend
import {
  bodyOf,
  checkKey,
  checkMetadata,
  checkRange,
  type ObjectInfo,
  type Storage,
  StorageConfigurationError,
  StorageFileNotFoundError,
} from 'mulligan/storage';

interface Row {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

/** Objects as rows of a table. */
function tableStorage(table: Map<string, Row>): Storage {
  const find = (key: string): Row => {
    const row = table.get(checkKey(key));
    if (row === undefined) throw new StorageFileNotFoundError(key);
    return row;
  };
  const save = (key: string, bytes: Uint8Array, { contentType, metadata }: Omit<ObjectInfo, 'key' | 'sizeBytes'>) => {
    const info = { key: checkKey(key), sizeBytes: bytes.length, contentType, metadata, etag: crypto.randomUUID() };
    table.set(key, { info, bytes });
    return info;
  };
  const storage: Storage = {
    async put(key, body, { contentType, metadata, signal, onProgress } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      const content = bodyOf(body);
      const bytes = await content.bytes();
      const type = contentType ?? content.contentType ?? 'application/octet-stream';
      const info = save(key, bytes, { contentType: type, metadata: checkMetadata(metadata) });
      onProgress?.({ key, loadedBytes: bytes.length, totalBytes: bytes.length });
      return info;
    },
    async get(key, options) {
      const bytes = await storage.getBytes(key, options);
      return { ...find(key).info, sizeBytes: bytes.length, stream: new Blob([bytes.slice()]).stream() };
    },
    async getBytes(key, { range } = {}) {
      const { offset, length } = checkRange(range) ?? { offset: 0, length: Number.POSITIVE_INFINITY };
      return find(key).bytes.slice(offset, offset + length);
    },
    delete: async (key) => void table.delete(checkKey(key)),
    exists: async (key) => table.has(checkKey(key)),
    info: async (key) => find(key).info,
    async *list({ prefix = '' } = {}) {
      for (const [key, { info }] of table) if (key.startsWith(prefix)) yield info;
    },
    copy: async (from, to) => save(to, find(from).bytes, find(from).info),
    async move(from, to) {
      const info = await storage.copy(from, to);
      if (from !== to) table.delete(from);
      return info;
    },
    url: async () => {
      throw new StorageConfigurationError('a table has no addresses');
    },
  };
  return storage;
}
// #endregion

// #region contract
import { storageContract } from 'mulligan/storage/contract';

for (const { name, run } of storageContract) {
  await run(tableStorage(new Map()));
  console.log(`✓ ${name}`);
}
// #endregion
