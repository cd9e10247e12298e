import { constants, type ReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKeys, InvalidOptionError, show, systemWorld, type World } from '../../kernel/index.ts';
import { bodyOf, chunksOf, collect, defaultContentType, type OpenBody, webStream } from '../body.ts';
import { StorageConfigurationError, StorageFileNotFoundError } from '../error.ts';
import { checkMetadata, checkPut, isKey } from '../key.ts';
import { reportProgress } from '../progress.ts';
import { checkRange } from '../range.ts';
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
} from '../storage.ts';
import { nothingSaid, readAbout, removeAbout, versionOf } from './about.ts';
import { Layout, ownFolder, syncFolder } from './layout.ts';
import { isMissing, mapReadError, mapWriteError } from './map-error.ts';
import { currentVersion, type Fill, place, publish } from './publish.ts';

/** The options of {@link fsStorage}. */
export interface FsStorageOptions {
  /** The folder; it is made when something is put. */
  readonly root: string;
  /** Where a web server shows the folder, such as `https://cdn.example.com/files`; without it, `url` has no answer. */
  readonly baseUrl?: string;
  /** Where time and chance come from. @default systemWorld */
  readonly world?: Pick<World, 'wallNow' | 'random'>;
}

/**
 * A storage in a folder: each object is a file of its own, named after its key. A file appears whole, synced to the
 * disk, or not at all. Types and metadata are kept beside, in `.mulligan`.
 *
 * @example
 * const storage = fsStorage({ root: './uploads' });
 */
export function fsStorage(options: FsStorageOptions): Storage {
  checkKeys('fsStorage', options, ['root', 'baseUrl', 'world']);
  const { root, baseUrl, world = systemWorld } = options;
  if (typeof root === 'string' && root !== '') return new FsStorage(new Layout(root), baseUrl, world);
  throw new InvalidOptionError('root', root, `root must be the path of a folder, got ${show(root)}`);
}

interface OpenFile {
  readonly file: FileHandle;
  readonly info: ObjectInfo;
}

class FsStorage implements Storage {
  readonly #layout: Layout;
  readonly #baseUrl: string | undefined;
  readonly #world: Pick<World, 'wallNow' | 'random'>;
  #tidied: Promise<void> | undefined;

  constructor(layout: Layout, baseUrl: string | undefined, world: Pick<World, 'wallNow' | 'random'>) {
    this.#layout = layout;
    this.#baseUrl = baseUrl;
    this.#world = world;
  }

  async put(key: string, body: StorageBody, options: PutOptions = {}): Promise<ObjectInfo> {
    checkPut(key, options);
    const metadata = checkMetadata(options.metadata);
    const payload = bodyOf(body);
    const contentType = options.contentType ?? payload.contentType ?? defaultContentType;
    return this.#publish(key, filling(key, payload, options), { contentType, metadata });
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    const { offset, length } = checkRange(options.range) ?? wholeRange;
    const { file, info } = await this.#open(key, options);
    const sizeBytes = Math.max(0, Math.min(length, info.sizeBytes - offset));
    if (sizeBytes === 0) await file.close();
    const stream = webStream(sizeBytes === 0 ? nothing : () => piece(file, { offset, length: sizeBytes }));
    return { ...info, sizeBytes, stream };
  }

  async getBytes(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return collect((await this.get(key, options)).stream);
  }

  async delete(key: string, { signal }: StorageCallOptions = {}): Promise<void> {
    const file = this.#layout.file(key);
    signal?.throwIfAborted();
    try {
      const version = await currentVersion(file);
      if (version === undefined) return;
      await this.#layout.checkInside(key, file);
      await unlink(file);
      await syncFolder(file);
      await removeAbout(this.#layout, key, version);
      await this.#layout.prune(file);
    } catch (error) {
      if (!isMissing(error)) throw mapWriteError(error, key);
    }
  }

  async exists(key: string, options: StorageCallOptions = {}): Promise<boolean> {
    try {
      await this.info(key, options);
      return true;
    } catch (error) {
      if (error instanceof StorageFileNotFoundError) return false;
      throw error;
    }
  }

  async info(key: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    const { file, info } = await this.#open(key, options);
    await file.close();
    return info;
  }

  async *list({ prefix = '', signal }: ListOptions = {}): AsyncGenerator<ListedObject> {
    yield* this.#walk('', prefix, signal);
  }

  async copy(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    this.#layout.file(to, 'to');
    const { file, info } = await this.#open(from, options, 'from');
    try {
      const stream = (): AsyncGenerator<Uint8Array> => chunksOf(file.createReadStream({ start: 0, autoClose: false }));
      return await this.#publish(to, (copy) => writeAll(copy, stream(), options), info);
    } finally {
      await file.close();
    }
  }

  async move(from: string, to: string, options: StorageCallOptions = {}): Promise<ObjectInfo> {
    const target = this.#layout.file(to, 'to');
    const info = await this.info(from, options);
    if (from === to) return info;
    const source = this.#layout.file(from, 'from');
    const version = info.etag ?? '';
    try {
      await mkdir(this.#layout.unfinished, { recursive: true });
      await place(this.#layout, { key: to, unfinished: source, target, version, about: info });
      await syncFolder(source);
      await removeAbout(this.#layout, from, version);
      await this.#layout.prune(source);
    } catch (error) {
      throw mapWriteError(error, to);
    }
    return { ...info, key: to };
  }

  async url(key: string): Promise<string> {
    this.#layout.file(key);
    if (this.#baseUrl !== undefined) {
      return `${this.#baseUrl.replace(/\/+$/u, '')}/${key.split('/').map(encodeURIComponent).join('/')}`;
    }
    const remedy = 'give `baseUrl`, the address under which a web server shows the folder';
    throw new StorageConfigurationError(`a storage in a folder has no addresses: ${remedy}`, { key });
  }

  async #publish(key: string, fill: Fill, about: Pick<ObjectInfo, 'contentType' | 'metadata'>): Promise<ObjectInfo> {
    this.#tidied ??= this.#layout.removeForgotten(this.#world.wallNow());
    await this.#tidied;
    return publish(this.#layout, this.#world, key, { fill, about });
  }

  /** Opens a file, which stays the same from here on, whoever puts another one in its place. */
  async #open(key: string, { signal }: StorageCallOptions, option = 'key'): Promise<OpenFile> {
    const path = this.#layout.file(key, option);
    try {
      for (;;) {
        signal?.throwIfAborted();
        await this.#layout.checkInside(key, path);
        const opened = await this.#tryOpen(key, path);
        if (opened !== undefined) return opened;
      }
    } catch (error) {
      throw mapReadError(error, key);
    }
  }

  /** Gives nothing when another version takes the place of the one that was opened, with all that is known of it. */
  async #tryOpen(key: string, path: string): Promise<OpenFile | undefined> {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    let isKept = false;
    try {
      const found = await file.stat({ bigint: true });
      if (!found.isFile()) throw new StorageFileNotFoundError(key);
      const version = versionOf(found);
      const about = await readAbout(this.#layout, key, version);
      if (about === undefined && (await currentVersion(path)) !== version) return undefined;
      isKept = true;
      const listed = { key, sizeBytes: Number(found.size), etag: version, lastModified: found.mtime };
      return { file, info: { ...listed, ...(about ?? nothingSaid) } };
    } finally {
      if (!isKept) await file.close();
    }
  }

  async *#walk(folder: string, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<ListedObject> {
    signal?.throwIfAborted();
    const path = join(this.#layout.root, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw mapReadError(error, folder);
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (key === ownFolder || !isKey(key)) continue;
      if (entry.isDirectory()) {
        if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* this.#walk(key, prefix, signal);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const found = await lstat(join(path, entry.name), { bigint: true }).catch(() => undefined);
        // Removed since: it is not there any more.
        if (found === undefined) continue;
        yield { key, sizeBytes: Number(found.size), etag: versionOf(found), lastModified: found.mtime };
      }
    }
  }
}

const wholeRange = { offset: 0, length: Number.POSITIVE_INFINITY };

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* piece(file: FileHandle, { offset, length }: typeof wholeRange): AsyncGenerator<Uint8Array> {
  const stream: ReadStream = file.createReadStream({ start: offset, end: offset + length - 1 });
  yield* chunksOf(stream);
}

function filling(key: string, body: OpenBody, options: PutOptions): Fill {
  return async (file) => {
    let loadedBytes = 0;
    const report = (): void => reportProgress(options, { key, loadedBytes, totalBytes: body.sizeBytes });
    report();
    await writeAll(file, chunksOf(await body.stream()), options, (length) => {
      loadedBytes += length;
      report();
    });
  };
}

async function writeAll(
  file: FileHandle,
  chunks: AsyncGenerator<Uint8Array>,
  { signal }: StorageCallOptions,
  onWritten: (length: number) => void = () => {},
): Promise<void> {
  signal?.throwIfAborted();
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    await file.writeFile(chunk);
    onWritten(chunk.length);
  }
}
