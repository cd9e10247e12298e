import type { Duration } from '../kernel/index.ts';

/** Data that is there already, and can be sent as often as needed. */
export type StorageData = string | Uint8Array | ArrayBuffer | Blob;

/** Data that comes by and by, and can be read only once. Streams of Node are such iterables. */
export type StorageStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/** What can be put. A function makes the body anew for each attempt, so that a stream can be sent again. */
export type StorageBody =
  | StorageData
  | StorageStream
  | (() => StorageData | StorageStream | Promise<StorageData | StorageStream>);

/** What every operation takes. */
export interface StorageCallOptions {
  /** Ends the operation; what it throws is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How far an upload has come. */
export interface StorageProgress {
  readonly key: string;
  /** What the storage has taken so far; with parts, only whole ones count. */
  readonly loadedBytes: number;
  /** Missing while nobody knows how long a stream is. */
  readonly totalBytes?: number;
}

/** How a large body is cut into parts. */
export interface MultipartOptions {
  /** How long a part is, at least 256 KiB; a backend may ask for more (S3: 5 MiB). @default 8 MiB */
  readonly partSizeBytes?: number;
  /** How many parts are on their way at once, where the backend takes them in any order. @default 4 */
  readonly concurrency?: number;
}

/** The options of {@link Storage.put}. */
export interface PutOptions extends StorageCallOptions {
  /** @default the type of a `Blob`, else 'application/octet-stream' */
  readonly contentType?: string | undefined;
  /** Names of lower-case letters, digits and `_`; values of printable ASCII: what every backend can keep. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the body is sent in parts, of which only those that failed are sent again. By default bodies of more than
   * 16 MiB and streams that are longer than one part are, behind `retryableStorage` and where the backend knows parts.
   */
  readonly multipart?: boolean | MultipartOptions | undefined;
  /** Told at the beginning, after each part, and at the end. What it throws never reaches the upload. */
  readonly onProgress?: ((progress: StorageProgress) => void) | undefined;
}

/** A piece of an object. */
export interface StorageRange {
  /** The first byte, from 0. */
  readonly offset: number;
  /** How many bytes; all the rest by default. */
  readonly length?: number | undefined;
}

/** The options of {@link Storage.get} and {@link Storage.getBytes}. */
export interface GetOptions extends StorageCallOptions {
  readonly range?: StorageRange | undefined;
}

/** The options of {@link Storage.list}. */
export interface ListOptions extends StorageCallOptions {
  /** Only keys that begin so; a `/` means nothing special. @default all keys */
  readonly prefix?: string | undefined;
  /** How many are asked for at once, where the backend answers in pages. @default what the backend likes */
  readonly pageSize?: number | undefined;
}

/** The options of {@link Storage.url}. */
export interface UrlOptions extends StorageCallOptions {
  /** How long a signed address is good for, in whole seconds. @default '1h' */
  readonly expiresIn?: Duration | undefined;
}

/** What a list says of an object. */
export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Another one after every change of the content. */
  readonly etag?: string;
  readonly lastModified?: Date;
}

/** All that is known of an object, but for its content. */
export interface ObjectInfo extends ListedObject {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object and its content. `sizeBytes` is how long the stream is: with a range, the length of that. */
export interface StoredObject extends ObjectInfo {
  readonly stream: ReadableStream<Uint8Array>;
}

/** A page of a list. */
export interface ListPage {
  readonly items: readonly ListedObject[];
  /** Where the next page begins; without it, this one is the last. */
  readonly cursor?: string | undefined;
}

/** The options of {@link Storage.listPage}. */
export interface ListPageOptions extends ListOptions {
  readonly cursor?: string | undefined;
}

/** What an upload in parts begins with. */
export interface UploadOptions extends StorageCallOptions {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly partSizeBytes: number;
  /** Missing for a stream. */
  readonly sizeBytes?: number | undefined;
}

/** A part of an upload. */
export interface UploadPart {
  /** From 1. */
  readonly number: number;
  /** Where it begins in the whole. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** An upload in parts. Nobody sees anything of it before `finish`. */
export interface PartUpload {
  /** How long each part is but the last. */
  readonly partSizeBytes: number;
  /** Whether the parts must come one after the other. */
  readonly isOrdered: boolean;
  /** Sends a part. One whose answer was lost may be sent once more. */
  send(part: UploadPart, options?: StorageCallOptions): Promise<void>;
  /** Makes the object of its parts. May be called once more when the answer was lost. */
  finish(options?: StorageCallOptions): Promise<ObjectInfo>;
  /** Throws away what was sent. */
  abort(): Promise<void>;
}

/**
 * A place for objects under keys: memory, a folder, a bucket. All operations reject with a `StorageError`, but for
 * options that are wrong (`InvalidOptionError`) and for the reason of a signal. A key is any text without control
 * characters, of 1 to 1024 bytes, whose parts between slashes are neither empty nor `.` nor `..`.
 *
 * A backend of your own is an object with these methods that passes the cases of `mulligan/storage/contract`.
 */
export interface Storage {
  /** Stores an object, in the place of what was there. Nobody ever reads a part of it, or a mixture. */
  put(key: string, body: StorageBody, options?: PutOptions): Promise<ObjectInfo>;
  /** Opens an object. @throws {StorageFileNotFoundError} */
  get(key: string, options?: GetOptions): Promise<StoredObject>;
  /** Reads an object to its end. @throws {StorageFileNotFoundError} */
  getBytes(key: string, options?: GetOptions): Promise<Uint8Array>;
  /** Removes an object; that there is none is fine, because an earlier attempt may have removed it. */
  delete(key: string, options?: StorageCallOptions): Promise<void>;
  exists(key: string, options?: StorageCallOptions): Promise<boolean>;
  /** All objects, or those whose keys begin with a prefix, in the order of the backend. */
  list(options?: ListOptions): AsyncIterable<ListedObject>;
  /** Copies an object with its type and metadata. @throws {StorageFileNotFoundError} */
  copy(from: string, to: string, options?: StorageCallOptions): Promise<ObjectInfo>;
  /** Gives an object another key. Where the backend cannot rename, it is a copy and a delete. */
  move(from: string, to: string, options?: StorageCallOptions): Promise<ObjectInfo>;
  /** An address that can be fetched. @throws {StorageConfigurationError} where there is none */
  url(key: string, options?: UrlOptions): Promise<string>;
  /** All that is known of an object, without its content. @throws {StorageFileNotFoundError} */
  info(key: string, options?: StorageCallOptions): Promise<ObjectInfo>;
  /** One page of {@link list}: with it, `retryableStorage` repeats a page and not the whole list. */
  listPage?(options?: ListPageOptions): Promise<ListPage>;
  /** Begins an upload in parts: with it, `retryableStorage` repeats a part and not the whole body. */
  startUpload?(key: string, options: UploadOptions): Promise<PartUpload>;
}
