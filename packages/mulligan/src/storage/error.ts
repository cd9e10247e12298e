import { type ErrorCode, MulliganError } from '../kernel/index.ts';

/** What an error of a storage may know besides its message. */
export interface StorageErrorOptions {
  readonly key?: string | undefined;
  /** What the backend threw. */
  readonly cause?: unknown;
}

/** The base of all errors of a storage, and what a failure is that no other class says more about. */
export class StorageError extends MulliganError {
  override name = 'StorageError';
  /** The key that the operation was about, where it was about one. */
  readonly key: string | undefined;

  constructor(message: string, options: StorageErrorOptions = {}, code: ErrorCode = 'MULLIGAN_STORAGE') {
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined);
    this.key = options.key;
  }
}

/** There is nothing under this key. */
export class StorageFileNotFoundError extends StorageError {
  override name = 'StorageFileNotFoundError';

  constructor(key: string, options: Pick<StorageErrorOptions, 'cause'> = {}) {
    super(`File not found: ${key}`, { ...options, key }, 'MULLIGAN_STORAGE_FILE_NOT_FOUND');
  }
}

/** There is something under this key already, or somebody else changed it in the meantime. */
export class StorageFileExistsError extends StorageError {
  override name = 'StorageFileExistsError';

  constructor(key: string, options: Pick<StorageErrorOptions, 'cause'> = {}) {
    super(`File already exists: ${key}`, { ...options, key }, 'MULLIGAN_STORAGE_FILE_EXISTS');
  }
}

/** The credentials are wrong, or do not allow it. */
export class StoragePermissionError extends StorageError {
  override name = 'StoragePermissionError';

  constructor(message: string, options?: StorageErrorOptions) {
    super(message, options, 'MULLIGAN_STORAGE_PERMISSION');
  }
}

/** The storage cannot be reached, is overloaded, or broke off: another attempt may well succeed. */
export class StorageConnectionError extends StorageError {
  override name = 'StorageConnectionError';
  /** How long the storage asked to wait, in milliseconds; `retry` never comes back earlier. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: StorageErrorOptions & { readonly retryAfterMs?: number | undefined } = {}) {
    super(message, options, 'MULLIGAN_STORAGE_CONNECTION');
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The storage is set up so that it cannot do this; the message says what to change. */
export class StorageConfigurationError extends StorageError {
  override name = 'StorageConfigurationError';

  constructor(message: string, options?: StorageErrorOptions) {
    super(message, options, 'MULLIGAN_STORAGE_CONFIGURATION');
  }
}

/** Another attempt was needed, but the body is a stream that can be read only once. `cause` is what had failed. */
export class StorageBodyNotReplayableError extends StorageError {
  override name = 'StorageBodyNotReplayableError';

  constructor(key: string, cause: unknown) {
    const remedy = 'give bytes, a Blob, or a function that makes the stream';
    const message = `${key}: the body can be read only once, so it cannot be sent again; ${remedy}`;
    super(message, { key, cause }, 'MULLIGAN_BODY_NOT_REPLAYABLE');
  }
}
