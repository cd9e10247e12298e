/** What we need of files-sdk 2.6 and later. Its own types would ask every user of ours to install it. */

export interface FilesCall {
  readonly signal?: AbortSignal;
  /** Only `Files` retries; an adapter does not know the word. */
  readonly retries?: number;
}

export interface FilesUpload extends FilesCall {
  readonly contentType?: string;
  readonly metadata?: Record<string, string>;
  readonly multipart?: boolean | { partSize?: number; concurrency?: number };
}

export interface FilesDownload extends FilesCall {
  readonly as?: 'stream';
  readonly range?: { start: number; end?: number };
}

export interface FilesList extends FilesCall {
  readonly prefix?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface FilesUploadResult {
  readonly key: string;
  readonly size: number;
  readonly contentType: string;
  readonly etag?: string;
  /** Milliseconds since 1970. */
  readonly lastModified?: number;
}

export interface FilesFile {
  readonly key: string;
  readonly size: number;
  readonly type: string;
  readonly etag?: string;
  readonly lastModified?: number;
  readonly metadata?: Record<string, string>;
  stream(): ReadableStream<Uint8Array>;
}

export interface FilesPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag?: string;
}

interface FilesDriverBase {
  readonly partSize: number;
  begin(meta: { total: number; contentType: string }): Promise<unknown>;
  complete(parts: FilesPart[]): Promise<FilesUploadResult>;
  discard(): Promise<void>;
}

/** Parts in any order: S3 and Azure. */
export interface FilesPartsDriver extends FilesDriverBase {
  readonly mode: 'parts';
  uploadPart(part: { partNumber: number; data: Uint8Array; signal?: AbortSignal }): Promise<FilesPart>;
}

/** Chunks one after the other: Google. */
export interface FilesOffsetDriver extends FilesDriverBase {
  readonly mode: 'offset';
  probe(): Promise<{ nextOffset: number }>;
  uploadAt(chunk: {
    offset: number;
    data: Uint8Array;
    isLast: boolean;
    total: number;
    signal?: AbortSignal;
  }): Promise<{ nextOffset: number }>;
}

/** What both an adapter and a `Files` of files-sdk can do. */
export interface FilesSource {
  readonly raw: unknown;
  upload(
    key: string,
    body: Blob | Uint8Array | ReadableStream<Uint8Array>,
    options?: FilesUpload,
  ): Promise<FilesUploadResult>;
  download(key: string, options?: FilesDownload): Promise<FilesFile>;
  head(key: string, options?: FilesCall): Promise<FilesFile>;
  exists(key: string, options?: FilesCall): Promise<boolean>;
  delete(key: string, options?: FilesCall): Promise<void>;
  copy(from: string, to: string, options?: FilesCall): Promise<void>;
  list(options?: FilesList): Promise<{ items: readonly FilesFile[]; cursor?: string }>;
  url(key: string, options?: FilesCall & { expiresIn?: number }): Promise<string>;
}

/** What only an adapter knows. */
export interface FilesAdapter extends FilesSource {
  readonly name: string;
  resumableUpload?(
    key: string,
    options: { multipart?: { partSize?: number }; metadata?: Record<string, string> },
  ): FilesPartsDriver | FilesOffsetDriver;
}

/** A `Files` around an adapter: with a prefix, hooks and plug-ins of its own. */
export interface FilesInstance extends FilesSource {
  readonly adapter: FilesAdapter;
}
