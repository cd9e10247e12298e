import { isTransient } from '../kernel/index.ts';
import type { Calls } from './calls.ts';
import { StorageConnectionError, StorageError } from './error.ts';
import { checkRange } from './range.ts';
import type { GetOptions, StorageRange, Storage, StoredObject } from './storage.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A stream that is open, and the first thing read of it: what breaks before that is a failure of the attempt. */
interface Opened {
  readonly object: StoredObject;
  readonly reader: Reader;
  readonly first: Awaited<ReturnType<Reader['read']>>;
}

/**
 * Opens an object so that the stream outlives the connection: where it breaks off, the rest is asked for, as long as
 * the object is still the same.
 */
export async function readResuming(
  storage: Storage,
  calls: Calls,
  key: string,
  { range, signal }: GetOptions,
): Promise<StoredObject> {
  const { offset } = checkRange(range) ?? { offset: 0 };
  const open = (piece: StorageRange | undefined, check: (object: StoredObject) => void): Promise<Opened> =>
    calls('storage.get', signal, async (attempt) => {
      const object = await storage.get(key, { ...(piece && { range: piece }), signal: attempt.signal });
      const reader = object.stream.getReader();
      try {
        check(object);
        const first = await readFirst(reader);
        if (first.done && object.sizeBytes > 0) throw brokeOff(key, 0, object.sizeBytes);
        return { object, reader, first };
      } catch (error) {
        await reader.cancel(error).catch(() => {});
        throw error;
      }
    });
  const begun = await open(range, () => {});
  const { sizeBytes } = begun.object;
  const rest = (delivered: number): Promise<Opened> => {
    const piece = { offset: offset + delivered, length: sizeBytes - delivered };
    return open(piece, (object) => checkSame(key, begun.object, object));
  };
  return { ...begun.object, stream: resuming(key, begun, rest, signal) };
}

/** Something, or the end: every stream that is opened brings the read forward, or is a failure. */
async function readFirst(reader: Reader): Promise<Opened['first']> {
  for (;;) {
    const next = await reader.read();
    if (next.done || next.value.length > 0) return next;
  }
}

function resuming(
  key: string,
  begun: Opened,
  rest: (delivered: number) => Promise<Opened>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const { sizeBytes } = begun.object;
  let { reader } = begun;
  let pending: Opened['first'] | undefined = begun.first;
  let delivered = 0;
  const read = async (): Promise<Opened['first']> => {
    const next = pending ?? (await reader.read());
    pending = undefined;
    if (next.done && delivered < sizeBytes) throw brokeOff(key, delivered, sizeBytes);
    return next;
  };
  const onAbort = (): void => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener('abort', onAbort, { once: true });
  const leave = (): void => signal?.removeEventListener('abort', onAbort);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        try {
          const { done, value } = await read();
          signal?.throwIfAborted();
          if (done) {
            leave();
            return controller.close();
          }
          delivered += value.length;
          return controller.enqueue(value);
        } catch (error) {
          if (signal?.aborted === true || !isTransient(error)) {
            leave();
            throw signal?.aborted === true ? signal.reason : error;
          }
          if (delivered === sizeBytes) {
            leave();
            return controller.close();
          }
        }
        ({ reader, first: pending } = await rest(delivered));
      }
    },
    async cancel(reason) {
      leave();
      await reader.cancel(reason);
    },
  });
}

/** A stream that ended before its time; some clients do not notice. */
export function brokeOff(key: string, delivered: number, sizeBytes: number): StorageConnectionError {
  return new StorageConnectionError(`${key}: the stream ended after ${delivered} of ${sizeBytes} bytes`, { key });
}

/** Half of one version and half of another is worse than an error. */
function checkSame(key: string, before: StoredObject, now: StoredObject): void {
  const isSame =
    before.etag === undefined
      ? before.lastModified !== undefined && before.lastModified.getTime() === now.lastModified?.getTime()
      : before.etag === now.etag;
  if (isSame) return;
  throw new StorageError(`${key}: it was changed while it was read`, { key });
}
