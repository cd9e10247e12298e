import { expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../kernel/index.ts';
import { collect } from '../body.ts';
import { StorageConfigurationError, StorageConnectionError } from '../error.ts';
import { retryableStorage } from '../retryable-storage.ts';
import { type FilesAdapter, type FilesOffsetDriver, type FilesPartsDriver, fromFilesSdk } from './index.ts';
import { mapFilesError } from './map-error.ts';

const failure = (fields: object, cause?: unknown): Error => Object.assign(new Error('it failed'), { ...fields, cause });
const ofFiles = (code: string, cause?: unknown): Error => failure({ code, aborted: false, timedOut: false }, cause);

/** An adapter that can do nothing but what is given. */
function adapter(methods: Partial<FilesAdapter>): FilesAdapter {
  const unused = async (): Promise<never> => {
    throw new Error('not expected');
  };
  const none = { upload: unused, download: unused, exists: unused, delete: unused, copy: unused, list: unused };
  const head = async (): Promise<never> => {
    throw ofFiles('NotFound');
  };
  return { name: 'memory', raw: {}, ...none, head, url: unused, ...methods };
}

test.each([
  ['a missing file', ofFiles('NotFound'), 'StorageFileNotFoundError'],
  ['wrong credentials', ofFiles('Unauthorized'), 'StoragePermissionError'],
  ['a Files that is read-only', ofFiles('ReadOnly'), 'StoragePermissionError'],
  ['a condition that does not hold', ofFiles('Conflict'), 'StorageFileExistsError'],
  [
    'an upload that another one has overtaken',
    ofFiles('Provider', failure({ statusCode: 400, code: 'InvalidBlockList' })),
    'StorageFileExistsError',
  ],
  ['a bucket that is not there', ofFiles('NotFound', failure({ name: 'NoSuchBucket' })), 'StorageConfigurationError'],
  ['no credentials', ofFiles('Provider', failure({ name: 'CredentialsProviderError' })), 'StorageConfigurationError'],
  ['S3 that is busy', ofFiles('Provider', failure({ $metadata: { httpStatusCode: 503 } })), 'StorageConnectionError'],
  [
    'S3 that waited too long',
    ofFiles('Provider', failure({ name: 'RequestTimeout', $metadata: { httpStatusCode: 400 } })),
    'StorageConnectionError',
  ],
  ['half an answer', ofFiles('Provider', failure({ $metadata: { httpStatusCode: 200 } })), 'StorageConnectionError'],
  [
    'Azure that is busy',
    ofFiles('Provider', failure({ statusCode: 503, code: 'ServerBusy' })),
    'StorageConnectionError',
  ],
  ['Azure whose stream broke', failure({ name: 'AbortError' }), 'StorageConnectionError'],
  ['Google that is busy', ofFiles('Provider', failure({ code: 429 })), 'StorageConnectionError'],
  [
    'a chunk that Google refused for now',
    Object.assign(new Error('chunk upload failed (HTTP 503).'), { code: 'Provider', aborted: false }),
    'StorageConnectionError',
  ],
  ['a reset', ofFiles('Provider', failure({ code: 'ECONNRESET' })), 'StorageConnectionError'],
  ['a time limit of Files', failure({ code: 'Provider', aborted: true, timedOut: true }), 'StorageConnectionError'],
  ['a bad request', ofFiles('Provider', failure({ statusCode: 400 })), 'StorageError'],
  ['nothing that anybody knows', ofFiles('Provider'), 'StorageError'],
])('%s has an error of its own', (_, error, name) => {
  expect(mapFilesError(error, 'key', true)).toMatchObject({ name, key: 'key', cause: error });
});

test('only what is read can be missing', () => {
  expect(mapFilesError(ofFiles('NotFound'), 'key', false)).toBeInstanceOf(StorageConfigurationError);
  expect(mapFilesError(ofFiles('NotFound'), undefined, false)).toMatchObject({
    message: 'it failed (is there such a bucket?)',
  });
});

test('the reason of a signal that Files was given comes out as it is', () => {
  const reason = new Error('never mind');
  expect(mapFilesError(failure({ code: 'Provider', aborted: true, timedOut: false }, reason), 'key', true)).toBe(
    reason,
  );
});

test('the time that the provider asks to wait is read from its headers', () => {
  const aws = failure({ $metadata: { httpStatusCode: 503 }, $response: { headers: { 'retry-after': '3' } } });
  const azure = failure({ statusCode: 503, response: { headers: new Headers({ 'retry-after': '4' }) } });
  expect(mapFilesError(ofFiles('Provider', aws), 'key', true)).toMatchObject({ retryAfterMs: 3000 });
  expect(mapFilesError(ofFiles('Provider', azure), 'key', true)).toMatchObject({ retryAfterMs: 4000 });
});

test('a stream that ends before its time is an error', async () => {
  const file = { key: 'a', size: 10, type: 'text/plain', stream: () => new Blob(['short']).stream() };
  const storage = fromFilesSdk(adapter({ download: async () => file }));
  const { stream } = await storage.get('a');
  await expect(collect(stream)).rejects.toThrow('a: the stream ended after 5 of 10 bytes');
});

test('a body that breaks is told as it is, whatever the client made of it', async () => {
  const broken = new Error('the source broke');
  const upload: FilesAdapter['upload'] = async (_key, body) => {
    await collect(body as ReadableStream<Uint8Array>).catch(() => {
      throw ofFiles('Provider', failure({ code: 'ECONNRESET' }));
    });
    throw new Error('not expected');
  };
  const breaking = async function* breaking(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(3);
    throw broken;
  };
  await expect(fromFilesSdk(adapter({ upload })).put('a', breaking())).rejects.toBe(broken);
});

/** A server that takes chunks, and loses connections: after it has kept all, half, or nothing of a chunk. */
function chunkServer(losses: readonly (number | undefined)[]) {
  const kept: Uint8Array[] = [];
  const offsets: number[] = [];
  let count = 0;
  const length = (): number => kept.reduce((sum, chunk) => sum + chunk.length, 0);
  const driver: FilesOffsetDriver = {
    mode: 'offset',
    partSize: 262_144,
    begin: async () => ({}),
    probe: async () => ({ nextOffset: length() }),
    uploadAt: async ({ offset, data }) => {
      offsets.push(offset);
      const share = losses[count++];
      kept.push(data.subarray(0, Math.floor(data.length * (share ?? 1))));
      if (share !== undefined) throw ofFiles('Provider', failure({ code: 'ECONNRESET' }));
      return { nextOffset: length() };
    },
    complete: async () => ({ key: 'a', size: length(), contentType: 'x/y', etag: 'e', lastModified: 5 }),
    discard: async () => {},
  };
  return { driver, kept, offsets };
}

test('chunks go on where the server has come to', async () => {
  const { driver, kept, offsets } = chunkServer([undefined, 0.5, 1, undefined, 0]);
  const storage = retryableStorage(fromFilesSdk(adapter({ resumableUpload: () => driver })), { baseDelay: 0 });
  const body = Uint8Array.from({ length: 3 * 262_144 }, (_, index) => index % 251);
  const multipart = { partSizeBytes: 262_144 };
  const stored = await storage.put('a', body, { multipart, contentType: 'x/y', metadata: { a: 'b' } });
  expect(stored).toMatchObject({
    key: 'a',
    sizeBytes: body.length,
    contentType: 'x/y',
    metadata: { a: 'b' },
    etag: 'e',
  });
  expect(Buffer.concat(kept).equals(body)).toBe(true);
  expect(offsets).toEqual([0, 262_144, 393_216, 524_288]);
});

test('chunks that the server has forgotten are an error', async () => {
  const { driver } = chunkServer([undefined, 0]);
  const forgetful = { ...driver, probe: async () => ({ nextOffset: 0 }) };
  const storage = retryableStorage(fromFilesSdk(adapter({ resumableUpload: () => forgetful })), { baseDelay: 0 });
  const put = storage.put('a', new Uint8Array(600_000), { multipart: { partSizeBytes: 262_144 } });
  await expect(put).rejects.toThrow('a: the storage has lost what was sent before byte 262144');
});

/** Parts whose upload has gone when it is finished once more, because the first answer was lost. */
function finishedOnce(etags: { before?: string; after: string }) {
  let finishes = 0;
  const driver: FilesPartsDriver = {
    mode: 'parts',
    partSize: 262_144,
    begin: async () => ({}),
    uploadPart: async ({ partNumber, data }) => ({ partNumber, size: data.length }),
    complete: async () => {
      throw ++finishes === 1 ? ofFiles('Provider', failure({ code: 'ECONNRESET' })) : ofFiles('NotFound');
    },
    discard: async () => {},
  };
  const head: FilesAdapter['head'] = async () => {
    const etag = finishes === 0 ? etags.before : etags.after;
    if (etag === undefined) throw ofFiles('NotFound');
    return { key: 'a', size: 5, type: 'x/y', etag, stream: () => new Blob([]).stream() };
  };
  return retryableStorage(fromFilesSdk(adapter({ head, resumableUpload: () => driver })), { baseDelay: 0 });
}

test('an upload that was finished, of which the answer was lost, is finished', async () => {
  const storage = finishedOnce({ before: 'old', after: 'new' });
  expect(await storage.put('a', 'hello', { multipart: true })).toMatchObject({ etag: 'new' });
  await expect(finishedOnce({ before: 'old', after: 'old' }).put('a', 'hello', { multipart: true })).rejects.toThrow(
    'File not found: a',
  );
});

test('a Files with plug-ins never sends parts past them', async () => {
  const inner = adapter({ resumableUpload: () => chunkServer([]).driver });
  expect('startUpload' in fromFilesSdk(inner)).toBe(true);
  expect(fromFilesSdk({ ...inner, adapter: inner })).toHaveProperty('startUpload', undefined);
});

test('an address that cannot be made is a matter of the configuration, unless the line is broken', async () => {
  const url = vi.fn<FilesAdapter['url']>();
  const storage = fromFilesSdk(adapter({ url }));
  url.mockResolvedValueOnce('https://example.com/a?signed');
  expect(await storage.url('a', { expiresIn: '90s' })).toBe('https://example.com/a?signed');
  expect(url).toHaveBeenLastCalledWith('a', { expiresIn: 90, retries: 0 });
  url.mockRejectedValueOnce(ofFiles('Provider'));
  await expect(storage.url('a')).rejects.toThrow('this storage has no addresses: it failed');
  url.mockRejectedValueOnce(ofFiles('Provider', failure({ code: 'ECONNRESET' })));
  await expect(storage.url('a')).rejects.toBeInstanceOf(StorageConnectionError);
});

test('what is no adapter is answered in a sentence', () => {
  expect(() => fromFilesSdk({} as never)).toThrow(InvalidOptionError);
  expect(() => fromFilesSdk(undefined as never)).toThrow('fromFilesSdk takes an adapter or a Files of files-sdk');
});
