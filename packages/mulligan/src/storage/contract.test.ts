import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../testing/index.ts';
import { storageContract } from './contract/index.ts';
import { fsStorage } from './fs/index.ts';
import { chunksOf, memoryStorage, retryableStorage, type Storage, StorageConnectionError } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mulligan-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));

let broken = 0;

/** Loses what is asked, or the answer, of every third operation; delays some, and truncates every other stream. */
function faulty(storage: Storage, seed: number): Storage {
  const random = seededRandom(seed);
  const lose = (): void => {
    broken++;
    throw new StorageConnectionError('the connection is gone');
  };
  const shaken = async <T>(run: () => Promise<T>): Promise<T> => {
    const drawn = random();
    if (drawn < 0.15) lose();
    if (drawn > 0.9) await new Promise((resolve) => setImmediate(resolve));
    const answer = await run();
    if (drawn > 0.15 && drawn < 0.3) lose();
    return answer;
  };
  const truncated = async function* truncated(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(stream)) {
      if (random() < 0.5) {
        yield chunk.subarray(0, Math.floor(random() * chunk.length));
        lose();
      }
      yield chunk;
    }
  };
  return {
    put: (...args) => shaken(() => storage.put(...args)),
    getBytes: (...args) => shaken(() => storage.getBytes(...args)),
    delete: (...args) => shaken(() => storage.delete(...args)),
    exists: (...args) => shaken(() => storage.exists(...args)),
    info: (...args) => shaken(() => storage.info(...args)),
    copy: (...args) => shaken(() => storage.copy(...args)),
    move: (...args) => shaken(() => storage.move(...args)),
    url: (...args) => shaken(() => storage.url(...args)),
    list: (...args) => storage.list(...args),
    async get(...args) {
      const object = await shaken(() => storage.get(...args));
      const chunks = truncated(object.stream);
      const stream = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void (await chunks.return(undefined)),
      });
      return { ...object, stream };
    },
    startUpload: async (key, options) => {
      const upload = await shaken(async () => memoryParts(storage, key, options));
      return {
        ...upload,
        send: (part) => shaken(() => upload.send(part)),
        finish: () => shaken(() => upload.finish()),
      };
    },
  };
}

/** Parts for any storage: kept until they are all there. */
async function memoryParts(
  storage: Storage,
  key: string,
  { contentType, metadata, partSizeBytes }: Parameters<NonNullable<Storage['startUpload']>>[1],
) {
  const kept = new Map<number, Uint8Array>();
  const whole = (): Blob => new Blob([...kept].sort(([a], [b]) => a - b).map(([, bytes]) => bytes.slice()));
  return {
    partSizeBytes,
    isOrdered: false,
    send: async ({ number, bytes }: { number: number; bytes: Uint8Array }) => void kept.set(number, bytes),
    finish: () => storage.put(key, whole(), { contentType, metadata }),
    abort: async () => kept.clear(),
  };
}

const patient = { maxRetries: 30, baseDelay: 0 };
const storages = {
  memory: memoryStorage(),
  'a folder': fsStorage({ root: join(folder, 'plain') }),
  'memory that retries': retryableStorage(memoryStorage()),
  'a folder that retries': retryableStorage(fsStorage({ root: join(folder, 'retried') })),
  'memory behind faults': retryableStorage(faulty(memoryStorage(), 7), patient),
  'a folder behind faults': retryableStorage(faulty(fsStorage({ root: join(folder, 'faulty') }), 11), patient),
};

describe.each(Object.entries(storages))('%s', (_, storage) => {
  test.each(storageContract)('$name', ({ run }) => run(storage));
});

test('the faults were many', () => {
  expect(broken).toBeGreaterThan(100);
});
