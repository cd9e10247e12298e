import { checkKeys, checkNumber, show, InvalidOptionError } from '../kernel/index.ts';
import { bodyOf, inParts, type OpenBody } from './body.ts';
import type { Calls } from './calls.ts';
import { reportProgress } from './progress.ts';
import type {
  MultipartOptions,
  ObjectInfo,
  PartUpload,
  PutOptions,
  StorageBody,
  UploadOptions,
  UploadPart,
} from './storage.ts';

const mebibyte = 1024 * 1024;
/** Bodies that are not longer go in one piece, unless told otherwise. */
const wholeBytes = 16 * mebibyte;

/** How a body is sent. */
export interface PartPlan {
  readonly partSizeBytes: number;
  readonly concurrency: number;
  /** Whether a body of known length is cut. A stream is when it is longer than one part. */
  readonly isWanted: boolean;
}

/** Reads `multipart`, and answers what is wrong with it; `undefined` when there must be no parts. */
export function planParts({ multipart }: PutOptions, sizeBytes: number | undefined): PartPlan | undefined {
  if (multipart === false) return undefined;
  const isGiven = typeof multipart === 'object' && multipart !== null;
  if (!isGiven && multipart !== undefined && typeof multipart !== 'boolean') {
    const message = `multipart must be true, false or an object of options, got ${show(multipart)}`;
    throw new InvalidOptionError('multipart', multipart, message);
  }
  const { partSizeBytes = 8 * mebibyte, concurrency = 4 }: MultipartOptions = isGiven ? multipart : {};
  if (isGiven) checkKeys('multipart', multipart, ['partSizeBytes', 'concurrency']);
  return {
    partSizeBytes: checkNumber('multipart.partSizeBytes', partSizeBytes, { min: mebibyte / 4, whole: true }),
    concurrency: checkNumber('multipart.concurrency', concurrency, { min: 1, max: 100, whole: true }),
    isWanted: multipart !== undefined || (sizeBytes ?? 0) > wholeBytes,
  };
}

/** A stream that turned out to fit into one part is sent whole: as bytes, it can be sent again. */
export async function bufferShort(
  body: OpenBody,
  partSizeBytes: number,
): Promise<{ readonly whole?: StorageBody; readonly parts: OpenBody }> {
  const parts = inParts(body, partSizeBytes);
  const first = await parts.next();
  const second = first.done === true ? first : await parts.next();
  if (first.done === true) return { whole: new Uint8Array(), parts: body };
  if (second.done === true) return { whole: first.value, parts: bodyOf(first.value) };
  const rejoined = async function* rejoin(): AsyncGenerator<Uint8Array> {
    yield first.value;
    yield second.value;
    yield* parts;
  };
  return { parts: { ...bodyOf(rejoined()), contentType: body.contentType } };
}

/** What an upload in parts needs to know. */
export interface PartedUpload {
  readonly calls: Calls;
  readonly start: (options: UploadOptions) => Promise<PartUpload>;
  readonly key: string;
  readonly body: OpenBody;
  readonly options: PutOptions;
  readonly about: Pick<ObjectInfo, 'contentType' | 'metadata'>;
  readonly plan: PartPlan;
}

/** Sends a body in parts, each under the policy: only what failed is sent again. It is seen when it is whole. */
export async function uploadInParts({
  calls,
  start,
  key,
  body,
  options,
  about,
  plan,
}: PartedUpload): Promise<ObjectInfo> {
  const { sizeBytes } = body;
  const { partSizeBytes, concurrency } = plan;
  const upload = await calls('storage.put.start', options.signal, ({ signal }) =>
    start({ ...about, partSizeBytes, sizeBytes, signal }),
  );
  try {
    let loadedBytes = 0;
    const report = (): void => reportProgress(options, { key, loadedBytes, totalBytes: sizeBytes });
    report();
    await sendAll(
      { body, upload, concurrency: upload.isOrdered ? 1 : concurrency, signal: options.signal },
      async (part, signal) => {
        await calls('storage.put.part', signal, (attempt) => upload.send(part, { signal: attempt.signal }));
        loadedBytes += part.bytes.length;
        report();
      },
    );
    return await calls('storage.put.finish', options.signal, ({ signal }) => upload.finish({ signal }));
  } catch (error) {
    // The upload has failed already; that nothing can be thrown away is no news.
    await upload.abort().catch(() => {});
    throw error;
  }
}

interface Sending {
  readonly body: OpenBody;
  readonly upload: PartUpload;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
}

type Send = (part: UploadPart, signal: AbortSignal) => Promise<void>;

/** Keeps so many parts on their way. The first that fails for good ends the others. */
async function sendAll({ body, upload, concurrency, signal }: Sending, send: Send): Promise<void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const running = new Set<Promise<void>>();
  try {
    signal?.throwIfAborted();
    for await (const part of numbered(inParts(body, upload.partSizeBytes))) {
      const sent = send(part, stop.signal)
        .catch((error: unknown) => stop.abort(error))
        .finally(() => running.delete(sent));
      running.add(sent);
      if (running.size >= concurrency) await Promise.race(running);
      stop.signal.throwIfAborted();
    }
    await Promise.all(running);
    stop.signal.throwIfAborted();
  } catch (error) {
    stop.abort(error);
    await Promise.all(running);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Knows the last part by looking one ahead. */
async function* numbered(parts: AsyncGenerator<Uint8Array>): AsyncGenerator<UploadPart> {
  let number = 0;
  let offset = 0;
  let bytes: Uint8Array | undefined;
  for await (const next of parts) {
    if (bytes !== undefined) {
      yield { number: ++number, offset, bytes, isLast: false };
      offset += bytes.length;
    }
    bytes = next;
  }
  if (bytes !== undefined) yield { number: number + 1, offset, bytes, isLast: true };
}
