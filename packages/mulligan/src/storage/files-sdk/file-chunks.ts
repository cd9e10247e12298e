import { chunksOf } from '../body.ts';
import { brokeOff } from '../resuming-read.ts';
import { mapFilesError } from './map-error.ts';
import type { FilesFile } from './source.ts';

/** The chunks of a file; one that ends early is an error, whether or not the client has noticed. */
export async function* fileChunks(
  file: FilesFile,
  { key, signal, mustAgree }: { key: string; signal: AbortSignal | undefined; mustAgree: boolean },
): AsyncGenerator<Uint8Array> {
  let delivered = 0;
  try {
    for await (const chunk of chunksOf(file.stream())) {
      signal?.throwIfAborted();
      delivered += chunk.length;
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw mapFilesError(error, key, true);
  }
  if (mustAgree && delivered < file.size) throw brokeOff(key, delivered, file.size);
}
