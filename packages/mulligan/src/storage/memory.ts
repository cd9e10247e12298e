import { systemWorld, type World } from '../kernel/index.ts';
import { bodyOf, defaultContentType, join, webStream } from './body.ts';
import { StorageConfigurationError, StorageFileNotFoundError } from './error.ts';
import { checkKey, checkMetadata, checkPut } from './key.ts';
import { cut } from './range.ts';
import { reportProgress } from './progress.ts';
import type {
  GetOptions,
  ListedObject,
  ListOptions,
  ObjectInfo,
  PartUpload,
  PutOptions,
  Storage,
  StorageBody,
  StorageCallOptions,
  StoredObject,
  UploadOptions,
} from './storage.ts';

/** The options of {@link memoryStorage}. */
export interface MemoryStorageOptions {
  /** Where the time of a change comes from. @default systemWorld */
  readonly world?: Pick<World, 'wallNow'>;
}

/** A storage in the memory of this process: for tests, and for what may be forgotten. */
export function memoryStorage({ world = systemWorld }: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(world);
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly info: ObjectInfo;
}

class MemoryStorage implements Storage {
  readonly #entries = new Map<string, Entry>();
  readonly #world: Pick<World, 'wallNow'>;
  #version = 0;

  constructor(world: Pick<World, 'wallNow'>) {
    this.#world = world;
  }

  async put(key: string, body: StorageBody, options: PutOptions = {}): Promise<ObjectInfo> {
    checkPut(key, options);
    const metadata = checkMetadata(options.metadata);
    options.signal?.throwIfAborted();
    const payload = bodyOf(body);
    reportProgress(options, { key, loadedBytes: 0, totalBytes: payload.sizeBytes });
    const bytes = (await payload.bytes()).slice();
    options.signal?.throwIfAborted();
    const contentType = options.contentType ?? payload.contentType ?? defaultContentType;
    const info = this.#store(key, bytes, { contentType, metadata });
    reportProgress(options, { key, loadedBytes: bytes.length, totalBytes: bytes.length });
    return info;
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    const { bytes, info } = this.#find(key, options);
    const piece = cut(bytes, options.range).slice();
    const stream = webStream(async function* once() {
      if (piece.length > 0) yield piece;
    });
    return { ...info, sizeBytes: piece.length, stream };
  }

  async getBytes(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return cut(this.#find(key, options).bytes, options.range).slice();
  }

  async delete(key: string, { signal }: StorageCallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#entries.delete(checkKey(key));
  }

  async exists(key: string, { signal }: StorageCallOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    return this.#entries.has(checkKey(key));
  }

  async *list({ prefix = '', signal }: ListOptions = {}): AsyncGenerator<ListedObject> {
    for (const key of [...this.#entries.keys()].sort()) {
      signal?.throwIfAborted();
      const entry = this.#entries.get(key);
      if (entry === undefined || !key.startsWith(prefix)) continue;
      const { contentType: _type, metadata: _metadata, ...listed } = entry.info;
      yield listed;
    }
  }

  async copy(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    checkKey(to, 'to');
    const { bytes, info } = this.#find(from, options, 'from');
    return this.#store(to, bytes, info);
  }

  async move(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    const info = await this.copy(from, to, options);
    if (from !== to) this.#entries.delete(from);
    return info;
  }

  async url(key: string): Promise<string> {
    checkKey(key);
    const remedy = 'serve what getBytes gives yourself, or use a storage that has addresses';
    throw new StorageConfigurationError(`a storage in memory has no addresses: ${remedy}`, { key });
  }

  async info(key: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    return this.#find(key, options).info;
  }

  async startUpload(key: string, { contentType, metadata, partSizeBytes }: UploadOptions): Promise<PartUpload> {
    checkKey(key);
    checkMetadata(metadata);
    const parts = new Map<number, Uint8Array>();
    return {
      partSizeBytes,
      isOrdered: false,
      send: async ({ number, bytes }) => void parts.set(number, bytes.slice()),
      finish: async () => {
        const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
        return this.#store(key, join(inOrder), { contentType, metadata });
      },
      abort: async () => parts.clear(),
    };
  }

  #store(key: string, bytes: Uint8Array, { contentType, metadata }: Pick<ObjectInfo, 'contentType' | 'metadata'>) {
    const info: ObjectInfo = Object.freeze({
      key,
      sizeBytes: bytes.length,
      contentType,
      metadata: Object.freeze({ ...metadata }),
      etag: String(++this.#version),
      lastModified: new Date(this.#world.wallNow()),
    });
    this.#entries.set(key, { bytes, info });
    return info;
  }

  #find(key: string, { signal }: StorageCallOptions, option = 'key'): Entry {
    signal?.throwIfAborted();
    const entry = this.#entries.get(checkKey(key, option));
    if (entry === undefined) throw new StorageFileNotFoundError(key);
    return entry;
  }
}
