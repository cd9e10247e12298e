import type { PutOptions, StorageProgress } from './storage.ts';

/** Tells how far an upload is. What a listener throws is its own affair. */
export function reportProgress(
  { onProgress }: Pick<PutOptions, 'onProgress'>,
  { totalBytes, ...progress }: Omit<StorageProgress, 'totalBytes'> & { readonly totalBytes: number | undefined },
): void {
  try {
    onProgress?.(totalBytes === undefined ? progress : { ...progress, totalBytes });
  } catch (error) {
    console.warn('mulligan: onProgress threw; the upload goes on', error);
  }
}
