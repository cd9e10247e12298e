import type { World } from '../../kernel/index.ts';
import { StorageError, StorageFileNotFoundError } from '../error.ts';
import type { ObjectInfo, PartUpload, StorageCallOptions, UploadOptions, UploadPart } from '../storage.ts';
import type { FilesOffsetDriver, FilesPart, FilesPartsDriver } from './source.ts';

/** What an upload in parts needs besides its driver. */
export interface DriverUse {
  readonly key: string;
  readonly options: UploadOptions;
  /** Runs what may fail, and says it in our words. */
  readonly call: <T>(signal: AbortSignal | undefined, run: () => Promise<T>) => Promise<T>;
  /** The object that is there now. */
  readonly look: () => Promise<ObjectInfo | undefined>;
  /** The number of the first part. */
  readonly firstPart: number;
}

/**
 * Azure names parts by their numbers alone: two uploads of one key would take each other's parts for their own, so each
 * begins at a number of its own. S3 tells uploads apart, and counts from 1.
 */
export function drawFirstPart(adapter: string, { random }: Pick<World, 'random'>): number {
  return adapter === 'azure' ? Math.floor(random() * 99_000) * 1000 + 1 : 1;
}

/** Begins an upload in parts with a driver of files-sdk. */
export async function startDriver(driver: FilesPartsDriver | FilesOffsetDriver, use: DriverUse): Promise<PartUpload> {
  const { sizeBytes: total = 0, contentType, signal } = use.options;
  const before = await use.look();
  await use.call(signal, () => driver.begin({ total, contentType }));
  const sent = driver.mode === 'parts' ? new SentParts(driver, use) : new SentChunks(driver, use);
  return {
    partSizeBytes: driver.partSize,
    isOrdered: driver.mode === 'offset',
    send: (part, options = {}) => sent.send(part, options),
    finish: finishing(driver, use, { sent, before }),
    abort: () => driver.discard(),
  };
}

interface Sent {
  readonly parts: readonly FilesPart[];
  send(part: UploadPart, options: StorageCallOptions): Promise<void>;
}

/** S3 and Azure: any order, and again as often as needed. */
class SentParts implements Sent {
  readonly #driver: FilesPartsDriver;
  readonly #use: DriverUse;
  readonly #parts = new Map<number, FilesPart>();

  constructor(driver: FilesPartsDriver, use: DriverUse) {
    this.#driver = driver;
    this.#use = use;
  }

  get parts(): readonly FilesPart[] {
    return [...this.#parts.values()].sort((a, b) => a.partNumber - b.partNumber);
  }

  async send({ number, bytes }: UploadPart, { signal }: StorageCallOptions): Promise<void> {
    const partNumber = this.#use.firstPart + number - 1;
    const part = { partNumber, data: bytes, ...(signal && { signal }) };
    this.#parts.set(number, await this.#use.call(signal, () => this.#driver.uploadPart(part)));
  }
}

/** Google: one after the other; after a failure the server is asked how far it has come. */
class SentChunks implements Sent {
  readonly #driver: FilesOffsetDriver;
  readonly #use: DriverUse;
  readonly parts: FilesPart[] = [];
  #isUncertain = false;

  constructor(driver: FilesOffsetDriver, use: DriverUse) {
    this.#driver = driver;
    this.#use = use;
  }

  async send(part: UploadPart, { signal }: StorageCallOptions): Promise<void> {
    const { offset, bytes, isLast } = part;
    const end = offset + bytes.length;
    let at = this.#isUncertain ? await this.#ask(part, signal) : offset;
    this.#isUncertain = true;
    let isOpen = bytes.length === 0;
    while (at < end || isOpen) {
      isOpen = false;
      const chunk = { offset: at, data: bytes.subarray(at - offset), isLast, total: end, ...(signal && { signal }) };
      ({ nextOffset: at } = await this.#use.call(signal, () => this.#driver.uploadAt(chunk)));
    }
    this.#isUncertain = false;
    this.parts.push({ partNumber: part.number, size: bytes.length });
  }

  async #ask({ offset }: UploadPart, signal: AbortSignal | undefined): Promise<number> {
    const { nextOffset } = await this.#use.call(signal, () => this.#driver.probe());
    if (nextOffset >= offset) return nextOffset;
    const { key } = this.#use;
    throw new StorageError(`${key}: the storage has lost what was sent before byte ${offset}`, { key });
  }
}

/** Finishes. When the answer to an earlier try was lost, the upload is gone because it has become the object. */
function finishing(
  driver: FilesPartsDriver | FilesOffsetDriver,
  { key, call, look, options: { contentType, metadata } }: DriverUse,
  { sent, before }: { readonly sent: Sent; readonly before: ObjectInfo | undefined },
): PartUpload['finish'] {
  let tries = 0;
  return async ({ signal } = {}) => {
    tries++;
    try {
      const { size, etag, lastModified } = await call(signal, () => driver.complete([...sent.parts]));
      return {
        key,
        sizeBytes: size,
        contentType,
        metadata,
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { lastModified: new Date(lastModified) }),
      };
    } catch (error) {
      const now = tries > 1 && error instanceof StorageFileNotFoundError ? await look() : undefined;
      if (now !== undefined && now.etag !== before?.etag) return now;
      throw error;
    }
  };
}
