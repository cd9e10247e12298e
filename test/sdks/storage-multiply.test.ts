import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BlobServiceClient } from '@azure/storage-blob';
import { Storage as GoogleStorage } from '@google-cloud/storage';
import { Files } from 'files-sdk';
import { s3Fetch } from 'files-sdk/s3-fetch';
import { constant, ledgerOf, retry } from 'mulligan';
import { retryableStorage, type Storage, StorageConnectionError } from 'mulligan/storage';
import { type FilesAdapter, fromFilesSdk } from 'mulligan/storage/files-sdk';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { azureAdapter, azureCredential, azureEndpoint } from './support/storage/azure.ts';
import { googleAdapter } from './support/storage/google.ts';
import { s3Adapter, s3Options } from './support/storage/s3.ts';

afterEach(() => void vi.unstubAllEnvs());

const troubles: Readonly<Record<string, Answer>> = {
  'a 503': (response) => void response.writeHead(503).end(),
  'a 429': (response) => void response.writeHead(429).end(),
  'a reset': ({ socket }) => void socket?.resetAndDestroy(),
};

/** How many requests a call makes of a server where all end so. */
function requestsOf(trouble: Answer, call: (port: number) => unknown): Promise<number> {
  return withFaultServer(trouble, async ({ url, requests }) => {
    await expect((async () => call(Number(new URL(url).port)))()).rejects.toBeInstanceOf(Error);
    return requests.length;
  });
}

const operations: Readonly<Record<string, (storage: Storage) => unknown>> = {
  put: (storage) => storage.put('key', 'body'),
  get: (storage) => storage.get('key'),
  getBytes: (storage) => storage.getBytes('key'),
  info: (storage) => storage.info('key'),
  exists: (storage) => storage.exists('key'),
  delete: (storage) => storage.delete('key'),
  copy: (storage) => storage.copy('key', 'other'),
  move: (storage) => storage.move('key', 'other'),
  list: (storage) => storage.list()[Symbol.asyncIterator]().next(),
};

const adapters: Readonly<Record<string, (port: number) => Promise<FilesAdapter | Files>>> = {
  's3()': s3Adapter,
  'azure()': azureAdapter,
  'gcs()': googleAdapter,
  's3Fetch()': async (port) => s3Fetch({ bucket: 'b', ...s3Options(port), ...s3Options(port).credentials }),
  'a Files that would retry': async (port) => new Files({ adapter: (await s3Adapter(port)) as never, retries: 5 }),
};

describe.each(Object.entries(adapters))('%s of files-sdk', (_, adapterFor) => {
  const behind = async (port: number) =>
    retryableStorage(fromFilesSdk(await adapterFor(port)), { maxRetries: 2, baseDelay: 1 });

  describe.each(Object.entries(troubles))('where all ends with %s', (_, trouble) => {
    test.each(Object.entries(operations))('%s makes as many requests as the policy says', async (_, operation) => {
      expect(await requestsOf(trouble, async (port) => operation(await behind(port)))).toBe(3);
    });
  });

  test('without a policy, an operation is one request', async () => {
    const call = async (port: number) => fromFilesSdk(await adapterFor(port)).getBytes('key');
    expect(await requestsOf(troubles['a 503']!, call)).toBe(1);
  });
});

test('retries of their own that are kept multiply', async () => {
  const kept = async (port: number) =>
    retryableStorage(fromFilesSdk(await s3Adapter(port), { ownRetries: 'keep' }), { maxRetries: 2, baseDelay: 1 });
  expect(await requestsOf(troubles['a 503']!, async (port) => (await kept(port)).info('key'))).toBe(9);
});

const attempts = 4;
const policy = retry({ attempts, backoff: constant(1), on: () => true });

interface Client {
  /** One call with the client's own retries, of which the waits are made short. */
  readonly itself: (port: number) => Promise<unknown>;
  /** How many requests that makes. */
  readonly requests: number;
  /** The same with its own retries switched off. */
  readonly switchedOff: (port: number) => Promise<unknown>;
}

const put = (client: S3Client) => client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
const upload = (client: S3Client) => new Upload({ client, params: { Bucket: 'b', Key: 'k', Body: 'x' } }).done();
const s3 = (port: number, options: object = {}) => new S3Client({ ...s3Options(port), ...options });
const blob = (port: number, retryOptions: object) =>
  new BlobServiceClient(azureEndpoint(port), azureCredential(), { retryOptions })
    .getContainerClient('b')
    .getBlockBlobClient('k');
const file = (port: number, retryOptions: object) => {
  vi.stubEnv('STORAGE_EMULATOR_HOST', `http://127.0.0.1:${port}`);
  return new GoogleStorage({ projectId: 'p', retryOptions }).bucket('b').file('k');
};

/** The clients that have storages, without files-sdk. */
const clients: Readonly<Record<string, Client>> = {
  'AWS S3': { itself: (port) => put(s3(port)), requests: 3, switchedOff: (port) => put(s3(port, { maxAttempts: 1 })) },
  'AWS S3, lib-storage': {
    itself: (port) => upload(s3(port)),
    requests: 3,
    switchedOff: (port) => upload(s3(port, { maxAttempts: 1 })),
  },
  'AWS S3, by the environment': {
    itself: (port) => s3(port).send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })),
    requests: 3,
    switchedOff(port) {
      vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
      return s3(port).send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }));
    },
  },
  'Azure Blob': {
    itself: (port) => blob(port, { retryDelayInMs: 1 }).upload('x', 1),
    requests: 4,
    switchedOff: (port) => blob(port, { maxTries: 1 }).upload('x', 1),
  },
  'Google Storage': {
    itself: (port) => file(port, { maxRetryDelay: 0.001, retryDelayMultiplier: 0.001 }).getMetadata(),
    requests: 4,
    switchedOff: (port) => file(port, { autoRetry: false }).getMetadata(),
  },
};

describe.each(Object.entries(clients))('%s', (_, { itself, requests, switchedOff }) => {
  test('by itself makes requests that nobody sees', async () => {
    expect(await requestsOf(troubles['a 503']!, itself)).toBe(requests);
  });

  test.each(Object.entries(troubles))(
    'makes as many as the policy says, where all ends with %s',
    async (_, trouble) => {
      expect(await requestsOf(trouble, (port) => policy.execute(() => switchedOff(port)))).toBe(attempts);
    },
  );
});

test('the last error has the cause, the key and the ledger', async () => {
  await withFaultServer(troubles['a 503']!, async ({ url }) => {
    const storage = retryableStorage(fromFilesSdk(await s3Adapter(Number(new URL(url).port))), {
      maxRetries: 1,
      baseDelay: 1,
    });
    const error = await storage.getBytes('a/b').catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StorageConnectionError);
    expect(error).toMatchObject({ key: 'a/b', cause: { code: 'Provider' } });
    expect(ledgerOf(error)).toMatchObject({ name: 'storage.getBytes', attempts: 2, reason: 'attempts' });
  });
});

test('a storage that asks to wait is believed', async () => {
  const busy: Answer = (response) => void response.writeHead(503, { 'retry-after': '7' }).end();
  for (const adapterFor of [s3Adapter, azureAdapter, googleAdapter]) {
    await withFaultServer(busy, async ({ url }) => {
      const storage = fromFilesSdk(await adapterFor(Number(new URL(url).port)));
      await expect(storage.info('key')).rejects.toMatchObject({ retryAfterMs: 7000 });
    });
  }
});

test('a client whose retries cannot be switched off is warned of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  try {
    const adapter = await azureAdapter(1);
    fromFilesSdk({ ...adapter, raw: { pipeline: {} } });
    expect(warn).toHaveBeenCalledWith(
      'mulligan: the retries that azure makes of its own cannot be switched off, and may multiply with ours',
    );
    warn.mockClear();
    fromFilesSdk({ ...adapter, raw: { pipeline: {} } }, { ownRetries: 'keep' });
    fromFilesSdk(adapter);
    fromFilesSdk(adapter);
    expect(warn).not.toHaveBeenCalled();
  } finally {
    warn.mockRestore();
  }
});
