import { factsOf, isMulliganError, statusFacts, systemWorld } from '../../kernel/index.ts';
import { readHint } from '../../http/index.ts';
import {
  StorageConfigurationError,
  StorageConnectionError,
  StorageError,
  type StorageErrorOptions,
  StorageFileExistsError,
  StorageFileNotFoundError,
  StoragePermissionError,
} from '../error.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Codes that say that it will pass, whatever the status: S3's 400s for bodies that did not come through, for instance.
 * Azure's client calls a connection that broke off aborted.
 */
const passing: ReadonlySet<string> = new Set(
  (
    'AbortError RequestTimeout SlowDown Throttling ThrottlingException IncompleteBody InternalError ServerBusy ' +
    'OperationTimedOut PARSE_ERROR CONTENT_DOWNLOAD_MISMATCH'
  ).split(' '),
);
/** Codes that say that no request of this kind can succeed before somebody changes something. */
const misconfigured: ReadonlySet<string> = new Set(
  'NoSuchBucket InvalidBucketName ContainerNotFound PermanentRedirect CredentialsProviderError'.split(' '),
);

/** What is told of a failure: the adapter's error, and the provider's below it. */
interface Told {
  /** The code of files-sdk. */
  readonly kind: string | undefined;
  readonly isAborted: boolean;
  readonly hasTimedOut: boolean;
  readonly codes: readonly string[];
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** An error of files-sdk as one of a storage. `isReading`: only what is read can be missing. */
export function mapFilesError(cause: unknown, key: string | undefined, isReading: boolean): unknown {
  if (isMulliganError(cause)) return cause;
  const told = look(cause);
  // By a signal that was given to `Files`: what it says is for whoever gave it.
  if (told.isAborted) return (cause as Error).cause ?? cause;
  const message = `${key === undefined ? '' : `${key}: `}${cause instanceof Error ? cause.message : String(cause)}`;
  const options = { key, cause };
  if (told.codes.some((code) => misconfigured.has(code))) return new StorageConfigurationError(message, options);
  if (isPassing(cause, told)) {
    return new StorageConnectionError(message, { ...options, retryAfterMs: told.retryAfterMs });
  }
  if (isDenied(told)) return new StoragePermissionError(message, options);
  if (told.kind === 'NotFound' || told.status === 404) return mapMissing(message, { key, cause }, isReading);
  if (isOvertaken(told) && key !== undefined) return new StorageFileExistsError(key, { cause });
  return new StorageError(message, options);
}

/** Without a key, or for what is written, it can only be the bucket that is not there. */
function mapMissing(message: string, { key, cause }: StorageErrorOptions, isReading: boolean): StorageError {
  if (key !== undefined && isReading) return new StorageFileNotFoundError(key, { cause });
  return new StorageConfigurationError(`${message} (is there such a bucket?)`, { key, cause });
}

function isDenied({ kind, status }: Told): boolean {
  return kind === 'Unauthorized' || kind === 'ReadOnly' || status === 401 || status === 403;
}

/** Azure throws away the parts of an upload when another one of the same key is finished. */
function isOvertaken({ kind, codes }: Told): boolean {
  return kind === 'Conflict' || codes.includes('InvalidBlockList');
}

/** A success that is an error is an answer that did not come through whole. */
function isPassing(cause: unknown, { codes, status, hasTimedOut }: Told): boolean {
  if (hasTimedOut || codes.some((code) => passing.has(code))) return true;
  if (status !== undefined) return status < 300 || statusFacts(status)?.isTransient === true;
  return factsOf(cause).isTransient;
}

function look(error: unknown): Told {
  const chain = chainOf(error);
  const [outer] = chain;
  const isOfFiles = typeof outer?.['code'] === 'string' && typeof outer['aborted'] === 'boolean';
  const hasTimedOut = outer?.['timedOut'] === true;
  const status = chain.map(statusOf).find((found) => found !== undefined);
  return {
    kind: isOfFiles ? String(outer['code']) : undefined,
    hasTimedOut,
    isAborted: isOfFiles && outer['aborted'] === true && !hasTimedOut,
    codes: chain.flatMap(({ name, code, Code, details }) =>
      [name, code, Code, (details as Fields | undefined)?.['errorCode']].filter((each) => typeof each === 'string'),
    ),
    status,
    retryAfterMs: chain.map((each) => retryAfterOf(each, status)).find((found) => found !== undefined),
  };
}

function chainOf(error: unknown): readonly Fields[] {
  const chain: Fields[] = [];
  for (let at = error; isFields(at) && chain.length < 5; at = at['cause']) chain.push(at);
  return chain;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Google keeps the status in `code`; of the chunks of an upload, files-sdk tells it in words alone. */
function statusOf({ $metadata, statusCode, status, code, message }: Fields): number | undefined {
  const aws = isFields($metadata) ? $metadata['httpStatusCode'] : undefined;
  const told = /\(HTTP (\d{3})\)/u.exec(String(message))?.[1];
  return [aws, statusCode, status, code, told && Number(told)].find((found) => typeof found === 'number');
}

/** When the provider asked to come back, by the headers of its answer. */
function retryAfterOf({ $response, response }: Fields, status = 503): number | undefined {
  const answer = $response ?? response;
  const headers = isFields(answer) ? answer['headers'] : undefined;
  if (!isFields(headers)) return undefined;
  const get = headers['get'];
  const read = (name: string): string | null => {
    const value: unknown = typeof get === 'function' ? Reflect.apply(get, headers, [name]) : headers[name];
    return typeof value === 'string' ? value : null;
  };
  return readHint({ get: read }, status, systemWorld.wallNow())?.waitMs;
}
