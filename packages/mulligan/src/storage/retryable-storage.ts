import { type AttemptContext, isActive, isTransient, type Policy } from '../kernel/index.ts';
import { bodyOf, defaultContentType, type OpenBody } from './body.ts';
import { type Calls, callsUnder } from './calls.ts';
import { StorageBodyNotReplayableError, StorageFileNotFoundError } from './error.ts';
import { checkMetadata, checkPut } from './key.ts';
import { readResuming } from './resuming-read.ts';
import type { RetryConfig } from './retry-config.ts';
import type {
  GetOptions,
  ListedObject,
  ListOptions,
  ObjectInfo,
  PutOptions,
  Storage,
  StorageBody,
  StorageCallOptions,
  StoredObject,
  UrlOptions,
} from './storage.ts';
import { bufferShort, planParts, uploadInParts } from './upload-in-parts.ts';
import { retry } from './with-retry.ts';

/**
 * A storage whose every operation runs under a policy: a configuration of retries, or any policy.
 *
 * What is repeated is as small as it can be: a part of an upload, a page of a list, the rest of a stream that broke
 * off. A stream is put again only where it can be read again; else the error is a
 * {@link StorageBodyNotReplayableError}.
 *
 * @example
 * const storage = retryableStorage(fromFilesSdk(s3({ bucket: 'photos' })), { maxRetries: 5, baseDelay: '0.5s' });
 */
export function retryableStorage(storage: Storage, policy: RetryConfig | Policy = {}): Storage {
  return new RetryableStorage(storage, callsUnder(typeof policy === 'function' ? policy : retry(policy)));
}

class RetryableStorage implements Storage {
  readonly #storage: Storage;
  readonly #calls: Calls;

  constructor(storage: Storage, calls: Calls) {
    this.#storage = storage;
    this.#calls = calls;
  }

  async put(key: string, body: StorageBody, options: PutOptions = {}): Promise<ObjectInfo> {
    checkPut(key, options);
    const metadata = checkMetadata(options.metadata);
    const given = bodyOf(body);
    const plan = planParts(options, given.sizeBytes);
    const start = this.#storage.startUpload?.bind(this.#storage, key);
    if (start === undefined || plan === undefined) return this.#putWhole(key, body, given, options);
    const upload = { calls: this.#calls, start, key, options, plan };
    const about = { contentType: options.contentType ?? given.contentType ?? defaultContentType, metadata };
    if (plan.isWanted) return uploadInParts({ ...upload, body: given, about });
    if (given.canRepeat) return this.#putWhole(key, body, given, options);
    const { whole, parts } = await bufferShort(given, plan.partSizeBytes);
    if (whole === undefined) return uploadInParts({ ...upload, body: parts, about });
    return this.#putWhole(key, whole, parts, options);
  }

  #putWhole(key: string, body: StorageBody, { canRepeat }: OpenBody, options: PutOptions): Promise<ObjectInfo> {
    return this.#calls('storage.put', options.signal, async ({ number, previousError, signal }) => {
      if (!canRepeat && number > 1) throw new StorageBodyNotReplayableError(key, previousError);
      try {
        return await this.#storage.put(key, body, { ...options, signal });
      } catch (error) {
        // There is no use in waiting for an attempt that cannot be made.
        const isLost = !canRepeat && isActive() && isTransient(error);
        throw isLost ? new StorageBodyNotReplayableError(key, error) : error;
      }
    });
  }

  get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    return readResuming(this.#storage, this.#calls, key, options);
  }

  getBytes(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    const read = ({ signal }: AttemptContext) => this.#storage.getBytes(key, { ...options, signal });
    return this.#calls('storage.getBytes', options.signal, read);
  }

  delete(key: string, options: StorageCallOptions = {}): Promise<void> {
    return this.#calls('storage.delete', options.signal, ({ signal }) => this.#storage.delete(key, { signal }));
  }

  exists(key: string, options: StorageCallOptions = {}): Promise<boolean> {
    return this.#calls('storage.exists', options.signal, ({ signal }) => this.#storage.exists(key, { signal }));
  }

  info(key: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    return this.#calls('storage.info', options.signal, ({ signal }) => this.#storage.info(key, { signal }));
  }

  copy(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    return this.#calls('storage.copy', options.signal, ({ signal }) => this.#storage.copy(from, to, { signal }));
  }

  move(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    return this.#calls('storage.move', options.signal, async ({ number, signal }) => {
      try {
        return await this.#storage.move(from, to, { signal });
      } catch (error) {
        // An earlier attempt whose answer was lost may have moved it.
        const mayBeDone = number > 1 && error instanceof StorageFileNotFoundError;
        if (mayBeDone && (await this.#storage.exists(to, { signal }))) return this.#storage.info(to, { signal });
        throw error;
      }
    });
  }

  url(key: string, options: UrlOptions = {}): Promise<string> {
    return this.#calls('storage.url', options.signal, ({ signal }) => this.#storage.url(key, { ...options, signal }));
  }

  async *list(options: ListOptions = {}): AsyncGenerator<ListedObject> {
    const listPage = this.#storage.listPage?.bind(this.#storage);
    if (listPage === undefined) return yield* this.#listFromStart(options);
    let cursor: string | undefined;
    do {
      const asked = { ...options, ...(cursor !== undefined && { cursor }) };
      const page = await this.#calls('storage.list', options.signal, ({ signal }) => listPage({ ...asked, signal }));
      yield* page.items;
      ({ cursor } = page);
    } while (cursor !== undefined);
  }

  /** Without pages, only the first item can be asked for again: after that, items would come twice. */
  async *#listFromStart(options: ListOptions): AsyncGenerator<ListedObject> {
    const { items, first } = await this.#calls('storage.list', options.signal, async () => {
      const items = this.#storage.list(options)[Symbol.asyncIterator]();
      return { items, first: await items.next() };
    });
    try {
      for (let next = first; next.done !== true; next = await items.next()) yield next.value;
    } finally {
      await items.return?.();
    }
  }
}
