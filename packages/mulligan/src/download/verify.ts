import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from './digest.ts';
import { DownloadMismatchError, onDisk } from './error.ts';

/** What a file must be. */
export interface Expectation {
  readonly sizeBytes: number | undefined;
  readonly digest: Digest | undefined;
}

/** How much is read at once. */
const blockBytes = 1024 * 1024;

/** Looks at what is on the disk, whatever was received; gives what is wrong with it. @param name for the error */
export async function findMismatch(
  file: FileHandle,
  { sizeBytes, digest }: Expectation,
  name: string,
  signal: AbortSignal | undefined,
): Promise<DownloadMismatchError | undefined> {
  const { size } = await onDisk(name, () => file.stat());
  if (sizeBytes !== undefined && size !== sizeBytes) return new DownloadMismatchError(name, sizeBytes, size);
  if (digest === undefined) return undefined;
  const actual = await onDisk(name, () => digestOf(file, digest.algorithm, signal));
  if (digest.values.includes(actual)) return undefined;
  return new DownloadMismatchError(name, `${digest.algorithm}-${digest.values[0]}`, `${digest.algorithm}-${actual}`);
}

async function digestOf(file: FileHandle, algorithm: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash(algorithm);
  const block = Buffer.alloc(blockBytes);
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(block, 0, blockBytes, position);
    if (bytesRead === 0) return hash.digest('base64');
    hash.update(block.subarray(0, bytesRead));
    position += bytesRead;
  }
}
