import {
  StorageConfigurationError,
  StorageConnectionError,
  StorageError,
  StorageFileNotFoundError,
  StoragePermissionError,
} from '../error.ts';

const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
const forbidden = new Set(['EACCES', 'EPERM', 'EROFS', 'ELOOP']);
/** What passes by itself: too many open files, a network's file system that is away. */
const passing = new Set(['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ESTALE', 'ETIMEDOUT', 'EHOSTDOWN', 'ENOTCONN']);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether there is nothing at a path: no file, or not a file. */
export function isMissing(error: unknown): boolean {
  return missing.has(codeOf(error) ?? '');
}

/** An error of the file system as one of a storage; other errors stay what they are. */
export function mapReadError(error: unknown, key: string): unknown {
  return isMissing(error) ? new StorageFileNotFoundError(key, { cause: error }) : mapError(error, key);
}

/** The same for writing, where a name that is taken by a folder, or by a file, is in the way. */
export function mapWriteError(error: unknown, key: string): unknown {
  const isInTheWay = ['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(codeOf(error) ?? '');
  if (!isInTheWay) return mapError(error, key);
  const message = `${key}: in a folder, no key can be the beginning of another one's path, as a is of a/b`;
  return new StorageConfigurationError(message, { key, cause: error });
}

function mapError(cause: unknown, key: string): unknown {
  const code = codeOf(cause);
  if (code === undefined || cause instanceof StorageError || !('syscall' in (cause as object))) return cause;
  const message = `${key}: ${(cause as Error).message}`;
  if (forbidden.has(code)) return new StoragePermissionError(message, { key, cause });
  if (passing.has(code)) return new StorageConnectionError(message, { key, cause });
  if (code === 'ENAMETOOLONG') return new StorageConfigurationError(message, { key, cause });
  return new StorageError(message, { key, cause });
}
