/** Storages, and what makes them resilient. */
export { bodyOf, chunksOf, collect, defaultContentType, type OpenBody } from './body.ts';
export {
  StorageBodyNotReplayableError,
  StorageConfigurationError,
  StorageConnectionError,
  StorageError,
  type StorageErrorOptions,
  StorageFileExistsError,
  StorageFileNotFoundError,
  StoragePermissionError,
} from './error.ts';
export { checkKey, checkMetadata } from './key.ts';
export { memoryStorage, type MemoryStorageOptions } from './memory.ts';
export { checkRange } from './range.ts';
export type { RetryConfig } from './retry-config.ts';
export { retryableStorage } from './retryable-storage.ts';
export type {
  GetOptions,
  ListedObject,
  ListOptions,
  ListPage,
  ListPageOptions,
  MultipartOptions,
  ObjectInfo,
  PartUpload,
  PutOptions,
  Storage,
  StorageBody,
  StorageCallOptions,
  StorageData,
  StoredObject,
  StorageProgress,
  StorageRange,
  StorageStream,
  UploadOptions,
  UploadPart,
  UrlOptions,
} from './storage.ts';
export { retry, withRetry } from './with-retry.ts';
