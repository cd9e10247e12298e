import type { ListedObject, ObjectInfo, PutOptions } from '../storage.ts';
import type { FilesFile, FilesUpload } from './source.ts';

/** An adapter ignores `retries`; a `Files` must not make any of its own. */
export function oneAttempt(signal: AbortSignal | undefined): { readonly retries: 0; readonly signal?: AbortSignal } {
  return signal === undefined ? { retries: 0 } : { retries: 0, signal };
}

/** The parts of an upload. */
export function partsInTheirWords(
  multipart: NonNullable<PutOptions['multipart']>,
): NonNullable<FilesUpload['multipart']> {
  if (typeof multipart === 'boolean') return multipart;
  const { partSizeBytes, concurrency } = multipart;
  return {
    ...(partSizeBytes !== undefined && { partSize: partSizeBytes }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

/** files-sdk names the last byte, and not the length. */
export function lastOf({ offset, length }: { readonly offset: number; readonly length: number }): {
  readonly end?: number;
} {
  return length === Number.POSITIVE_INFINITY ? {} : { end: offset + length - 1 };
}

/** What a list says of a file. */
export function listed({
  key,
  size,
  etag,
  lastModified,
}: Pick<FilesFile, 'key' | 'size' | 'etag' | 'lastModified'>): ListedObject {
  return {
    key,
    sizeBytes: size,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified: new Date(lastModified) }),
  };
}

/** What is known of a file. */
export function infoOf(key: string, file: FilesFile): ObjectInfo {
  return { ...listed({ ...file, key }), contentType: file.type, metadata: file.metadata ?? {} };
}
