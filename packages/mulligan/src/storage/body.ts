import { InvalidOptionError, show } from '../kernel/index.ts';
import type { StorageBody, StorageData, StorageStream } from './storage.ts';

/** The type of what nobody has named a type for. */
export const defaultContentType = 'application/octet-stream';

/** A body, in one shape. */
export interface OpenBody {
  /** How long it is, where that is known without reading it. */
  readonly sizeBytes: number | undefined;
  /** Whether it can be read more than once. */
  readonly canRepeat: boolean;
  /** The type that it has of itself. */
  readonly contentType: string | undefined;
  /** All of it. */
  bytes(): Promise<Uint8Array>;
  /** From its beginning. */
  stream(): Promise<ReadableStream<Uint8Array>>;
}

/** Makes one shape of everything that can be put. For backends of your own, too. */
export function bodyOf(body: StorageBody): OpenBody {
  if (typeof body === 'string') return ofBytes(new TextEncoder().encode(body));
  if (body instanceof Uint8Array) return ofBytes(body);
  if (body instanceof ArrayBuffer) return ofBytes(new Uint8Array(body));
  if (body instanceof Blob) return ofBlob(body);
  if (typeof body === 'function') return ofFunction(body);
  if (isStream(body)) return ofStream(body);
  const kinds = 'text, bytes, a Blob, a stream or a function that makes one of them';
  throw new InvalidOptionError('body', body, `body must be ${kinds}, got ${show(body)}`);
}

function isStream(body: unknown): body is StorageStream {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
}

function ofBytes(bytes: Uint8Array): OpenBody {
  return {
    sizeBytes: bytes.length,
    canRepeat: true,
    contentType: undefined,
    bytes: async () => bytes,
    stream: async () =>
      webStream(async function* once() {
        if (bytes.length > 0) yield bytes;
      }),
  };
}

function ofBlob(blob: Blob): OpenBody {
  return {
    sizeBytes: blob.size,
    canRepeat: true,
    contentType: blob.type === '' ? undefined : blob.type,
    bytes: async () => new Uint8Array(await blob.arrayBuffer()),
    stream: async () => blob.stream(),
  };
}

function ofFunction(make: () => StorageData | StorageStream | Promise<StorageData | StorageStream>): OpenBody {
  return {
    sizeBytes: undefined,
    canRepeat: true,
    contentType: undefined,
    bytes: async () => bodyOf(await make()).bytes(),
    stream: async () => bodyOf(await make()).stream(),
  };
}

function ofStream(body: StorageStream): OpenBody {
  return {
    sizeBytes: undefined,
    canRepeat: false,
    contentType: undefined,
    bytes: () => collect(body),
    stream: async () => ('getReader' in body ? body : webStream(() => chunksOf(body))),
  };
}

/** The chunks of a stream, whatever its kind. Leaving the loop cancels it. */
export async function* chunksOf(stream: StorageStream): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) {
    for await (const chunk of stream) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    return;
  }
  const reader = stream.getReader();
  let hasEnded = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      hasEnded = done;
      if (done) return;
      yield value;
    }
  } catch (error) {
    hasEnded = true;
    throw error;
  } finally {
    if (hasEnded) reader.releaseLock();
    else await reader.cancel();
  }
}

/** Reads a stream to its end. */
export async function collect(stream: StorageStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(stream)) chunks.push(chunk);
  return join(chunks);
}

/** One array of several. */
export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** A stream of the platform that draws from a generator. */
export function webStream(make: () => AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = make();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}

/** Cuts a body into parts of this length; the last one may be shorter, and only that one may be empty. */
export async function* inParts(body: OpenBody, partSizeBytes: number): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  for await (const chunk of chunksOf(await body.stream())) {
    let rest = chunk;
    while (keptBytes + rest.length > partSizeBytes) {
      const cut = partSizeBytes - keptBytes;
      yield join([...kept, rest.subarray(0, cut)]);
      rest = rest.subarray(cut);
      kept = [];
      keptBytes = 0;
    }
    kept.push(rest);
    keptBytes += rest.length;
  }
  yield join(kept);
}
