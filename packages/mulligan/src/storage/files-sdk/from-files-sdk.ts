import {
  checkDuration,
  checkKeys,
  InvalidOptionError,
  isMulliganError,
  show,
  systemWorld,
} from '../../kernel/index.ts';
import { bodyOf, collect, defaultContentType, webStream } from '../body.ts';
import { StorageConfigurationError, StorageConnectionError, StorageFileNotFoundError } from '../error.ts';
import { checkKey, checkMetadata, checkPut } from '../key.ts';
import { reportProgress } from '../progress.ts';
import { checkRange } from '../range.ts';
import type {
  GetOptions,
  ListedObject,
  ListOptions,
  ListPage,
  ListPageOptions,
  ObjectInfo,
  PartUpload,
  PutOptions,
  Storage,
  StorageBody,
  StorageCallOptions,
  StoredObject,
  UploadOptions,
  UrlOptions,
} from '../storage.ts';
import { BodySource } from './body-source.ts';
import { fileChunks } from './file-chunks.ts';
import { mapFilesError } from './map-error.ts';
import { switchOffRetries } from './own-retries.ts';
import { drawFirstPart, startDriver } from './part-upload.ts';
import type { FilesAdapter, FilesInstance, FilesSource } from './source.ts';
import { infoOf, lastOf, listed, oneAttempt, partsInTheirWords } from './words.ts';

/** The options of {@link fromFilesSdk}. */
export interface FilesSdkOptions {
  /**
   * What becomes of the retries that the provider's own client makes: switched off, so that they do not multiply with
   * those of a policy, or kept. Where it cannot be done, a warning says so.
   * @default 'off'
   */
  readonly ownRetries?: 'off' | 'keep';
}

/**
 * A storage of an adapter of [files-sdk](https://files-sdk.dev): `s3()`, `azure()`, `gcs()` and some forty others.
 *
 * Give it the adapter. A `Files` is taken, too, with its prefix and plug-ins; long bodies then go in one piece, because
 * parts would go past the plug-ins, and past their encryption.
 *
 * @example
 * const storage = fromFilesSdk(s3({ bucket: 'photos', region: 'eu-central-1' }));
 */
export function fromFilesSdk(source: FilesAdapter | FilesInstance, options: FilesSdkOptions = {}): Storage {
  checkKeys('fromFilesSdk', options, ['ownRetries']);
  if (typeof source?.upload !== 'function' || typeof source.download !== 'function') {
    const message = `fromFilesSdk takes an adapter or a Files of files-sdk, got ${show(source)}`;
    throw new InvalidOptionError('source', source, message);
  }
  const adapter = 'adapter' in source ? source.adapter : source;
  if (options.ownRetries !== 'keep' && !switchOffRetries(adapter.name, adapter.raw)) {
    console.warn(
      `mulligan: the retries that ${adapter.name} makes of its own cannot be switched off, and may multiply with ours`,
    );
  }
  return new FilesStorage(source, adapter);
}

/** Google's adapter asks for the metadata first: a new version may come between. Its client checks lengths itself. */
const ofTwoAnswers: ReadonlySet<string> = new Set(['gcs', 'firebase-storage']);

class FilesStorage implements Storage {
  readonly #source: FilesSource;
  /** Whether content and size come from one answer, so that they must agree. */
  readonly #isOfOneAnswer: boolean;
  /** Begins uploads in parts, where the adapter can and no plug-in must see them. */
  readonly startUpload?: (key: string, options: UploadOptions) => Promise<PartUpload>;

  constructor(source: FilesSource, adapter: FilesAdapter) {
    this.#source = source;
    this.#isOfOneAnswer = !ofTwoAnswers.has(adapter.name);
    if (source === adapter && adapter.resumableUpload !== undefined)
      this.startUpload = (key, options) => this.#start(adapter, key, options);
  }

  async put(key: string, body: StorageBody, options: PutOptions = {}): Promise<ObjectInfo> {
    checkPut(key, options);
    const metadata = checkMetadata(options.metadata);
    const { signal, multipart } = options;
    signal?.throwIfAborted();
    const payload = bodyOf(typeof body === 'function' ? await body() : body);
    const contentType = options.contentType ?? payload.contentType ?? defaultContentType;
    const { sizeBytes } = payload;
    reportProgress(options, { key, loadedBytes: 0, totalBytes: sizeBytes });
    signal?.throwIfAborted();
    const source = new BodySource(sizeBytes === undefined ? await payload.stream() : await payload.bytes());
    const upload = {
      contentType,
      ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
      ...(multipart !== undefined && { multipart: partsInTheirWords(multipart) }),
      ...oneAttempt(signal),
    };
    const stored = await this.#call(key, signal, () => this.#source.upload(key, source.body, upload)).catch((error) => {
      throw source.hasBroken ? source.error : error;
    });
    reportProgress(options, { key, loadedBytes: stored.size, totalBytes: stored.size });
    return { ...listed({ ...stored, key }), contentType, metadata };
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { signal } = options;
    const range = checkRange(options.range);
    const asked = range && { start: range.offset, ...lastOf(range) };
    const open = { as: 'stream', ...(asked && { range: asked }), ...oneAttempt(signal) } as const;
    const file = await this.#call(key, signal, () => this.#source.download(key, open), true);
    return {
      ...infoOf(key, file),
      stream: webStream(() => fileChunks(file, { key, signal, mustAgree: this.#isOfOneAnswer })),
    };
  }

  async getBytes(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return collect((await this.get(key, options)).stream);
  }

  async delete(key: string, { signal }: StorageCallOptions = {}): Promise<void> {
    checkKey(key);
    try {
      await this.#call(key, signal, () => this.#source.delete(key, oneAttempt(signal)), true);
    } catch (error) {
      if (!(error instanceof StorageFileNotFoundError)) throw error;
    }
  }

  async exists(key: string, { signal }: StorageCallOptions = {}): Promise<boolean> {
    checkKey(key);
    return this.#call(key, signal, () => this.#source.exists(key, oneAttempt(signal)), true);
  }

  async info(key: string, { signal }: StorageCallOptions = {}): Promise<ObjectInfo> {
    checkKey(key);
    return infoOf(key, await this.#call(key, signal, () => this.#source.head(key, oneAttempt(signal)), true));
  }

  async *list(options: ListOptions = {}): AsyncGenerator<ListedObject> {
    let cursor: string | undefined;
    do {
      const page = await this.listPage({ ...options, cursor });
      yield* page.items;
      ({ cursor } = page);
    } while (cursor !== undefined);
  }

  async listPage({ prefix, pageSize, cursor, signal }: ListPageOptions = {}): Promise<ListPage> {
    const asked = {
      ...(prefix && { prefix }),
      ...(pageSize !== undefined && { limit: pageSize }),
      ...(cursor !== undefined && { cursor }),
      ...oneAttempt(signal),
    };
    const page = await this.#call(undefined, signal, () => this.#source.list(asked));
    return { items: page.items.map(listed), cursor: page.cursor };
  }

  async copy(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    checkKey(from, 'from');
    checkKey(to, 'to');
    const { signal } = options;
    // S3 refuses a copy of an object onto itself.
    if (from !== to) await this.#call(from, signal, () => this.#source.copy(from, to, oneAttempt(signal)), true);
    return this.info(to, options);
  }

  /** No provider renames: a crash between the two leaves both. */
  async move(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    const info = await this.copy(from, to, options);
    if (from !== to) await this.delete(from, options);
    return info;
  }

  async url(key: string, { expiresIn = '1h', signal }: UrlOptions = {}): Promise<string> {
    checkKey(key);
    const seconds = Math.ceil(checkDuration('expiresIn', expiresIn, 1000) / 1000);
    try {
      return await this.#source.url(key, { expiresIn: seconds, ...oneAttempt(signal) });
    } catch (cause) {
      const mapped = mapFilesError(cause, key, true);
      if (mapped instanceof StorageConnectionError || isMulliganError(cause)) throw mapped;
      const message = `this storage has no addresses: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new StorageConfigurationError(message, { key, cause });
    }
  }

  async #start(adapter: FilesAdapter, key: string, options: UploadOptions): Promise<PartUpload> {
    checkKey(key);
    const { signal, partSizeBytes } = options;
    const metadata = checkMetadata(options.metadata);
    const call = <T>(aborted: AbortSignal | undefined, run: () => Promise<T>) => this.#call(key, aborted, run, true);
    const driver = await call(signal, async () =>
      adapter.resumableUpload?.(key, { multipart: { partSize: partSizeBytes }, metadata: { ...metadata } }),
    );
    if (driver === undefined) throw new StorageConfigurationError(`${adapter.name} takes no parts`, { key });
    const look = () =>
      this.info(key, { signal }).catch((error: unknown) => {
        if (error instanceof StorageFileNotFoundError) return undefined;
        throw error;
      });
    const firstPart = drawFirstPart(adapter.name, systemWorld);
    return startDriver(driver, { key, options, call, look, firstPart });
  }

  /** Runs one operation of files-sdk; what fails is told in our words. `isReading`: what is missing is a file. */
  async #call<T>(
    key: string | undefined,
    signal: AbortSignal | undefined,
    run: () => Promise<T>,
    isReading = false,
  ): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      throw mapFilesError(error, key, isReading);
    }
  }
}
