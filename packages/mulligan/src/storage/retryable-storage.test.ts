import { expect, test, vi } from 'vitest';
import { categorize, isTransient, setActive } from '../kernel/index.ts';
import { ledgerOf, retry as retryWith } from '../retry/index.ts';
import { virtualWorld } from '../testing/index.ts';
import {
  chunksOf,
  collect,
  memoryStorage,
  type ObjectInfo,
  type RetryConfig,
  retryableStorage,
  type Storage,
  StorageConnectionError,
  StorageFileNotFoundError,
} from './index.ts';

const mebibyte = 1024 * 1024;
const lost = (): StorageConnectionError => new StorageConnectionError('the connection is gone');

/** A storage in memory of which some methods are others, and one around it that retries without waiting. */
function storages(changes: (memory: Storage) => Partial<Storage>, config: RetryConfig = {}) {
  const memory = memoryStorage();
  const names = 'put get getBytes delete exists list copy move url info startUpload'.split(' ') as (keyof Storage)[];
  const bound = Object.fromEntries(names.map((name) => [name, (memory[name] as () => unknown).bind(memory)]));
  const inner = { ...bound, ...changes(memory) } as Storage;
  const resilient = retryableStorage(inner, { maxRetries: 3, baseDelay: 0, ...config });
  return { memory, resilient };
}

/** Fails so often before it does what it should. */
function failing<A extends unknown[], R>(
  times: number,
  then: (...args: A) => R,
): ((...args: A) => R) & { calls: number } {
  const fail = Object.assign(
    (...args: A): R => {
      if (++fail.calls <= times) throw lost();
      return then(...args);
    },
    { calls: 0 },
  );
  return fail;
}

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 255);

async function* once(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test('every operation is tried again', async () => {
  const { memory } = storages(() => ({}));
  await memory.put('a', 'x');
  const calls: Record<string, (storage: Storage) => Promise<unknown>> = {
    put: (storage) => storage.put('a', 'x'),
    get: (storage) => storage.get('a'),
    getBytes: (storage) => storage.getBytes('a'),
    exists: (storage) => storage.exists('a'),
    info: (storage) => storage.info('a'),
    copy: (storage) => storage.copy('a', 'b'),
    move: (storage) => storage.move('b', 'c'),
    url: async () => 'https://example.com',
    delete: (storage) => storage.delete('c'),
  };
  for (const [name, call] of Object.entries(calls)) {
    const flaky = failing(2, () => call(memory));
    const { resilient } = storages(() => ({ [name]: flaky }));
    await (name === 'url' ? resilient.url('a') : call(resilient));
    expect(flaky.calls, name).toBe(3);
  }
});

test('what is missing is not asked for again', async () => {
  const info = failing(0, async (): Promise<ObjectInfo> => {
    throw new StorageFileNotFoundError('a');
  });
  const { resilient } = storages(() => ({ info }));
  await expect(resilient.info('a')).rejects.toBeInstanceOf(StorageFileNotFoundError);
  expect(info.calls).toBe(1);
});

test('any policy will do', async () => {
  const getBytes = failing(4, async () => bytesOf(3));
  const storage = retryableStorage({ ...memoryStorage(), getBytes }, retryWith({ attempts: 5, backoff: () => 0 }));
  expect(await storage.getBytes('a')).toEqual(bytesOf(3));
});

test('an attempt that takes too long is aborted, and made again', async () => {
  const world = virtualWorld();
  const signals: AbortSignal[] = [];
  const { resilient } = storages(
    () => ({
      getBytes: (_key, { signal } = {}) => {
        signals.push(signal!);
        return signals.length < 3 ? new Promise(() => {}) : Promise.resolve(bytesOf(1));
      },
    }),
    { attemptTimeout: '5s', world },
  );
  expect(await world.run(resilient.getBytes('a'))).toEqual(bytesOf(1));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  expect(world.now()).toBeGreaterThanOrEqual(10_000);
});

test('of an upload in parts only what failed is sent again', async () => {
  const sent: number[] = [];
  const { memory, resilient } = storages((memory) => ({
    startUpload: async (key, options) => {
      const upload = await memory.startUpload!(key, options);
      const finish = failing(1, () => upload.finish());
      return {
        ...upload,
        send: async (part) => {
          sent.push(part.number);
          const isSecond = sent.filter((number) => number === part.number).length === 2;
          if (part.number % 2 === 0 && !isSecond) throw lost();
          return upload.send(part);
        },
        finish,
      };
    },
  }));
  const body = bytesOf(5 * mebibyte + 1);
  const loaded: number[] = [];
  const multipart = { partSizeBytes: mebibyte, concurrency: 2 };
  const onProgress = ({ loadedBytes }: { loadedBytes: number }): void => void loaded.push(loadedBytes);
  await resilient.put('long', body, { multipart, onProgress });
  expect(sent.toSorted((a, b) => a - b)).toEqual([1, 2, 2, 3, 4, 4, 5, 6, 6]);
  expect(loaded).toHaveLength(7);
  expect(loaded.at(-1)).toBe(body.length);
  expect(Buffer.compare(await memory.getBytes('long'), body)).toBe(0);
});

test('an upload in parts that cannot be made is thrown away, and nobody sees it', async () => {
  let aborted = 0;
  const running = new Set<number>();
  const { memory, resilient } = storages(
    (memory) => ({
      startUpload: async (key, options) => ({
        ...(await memory.startUpload!(key, options)),
        send: async ({ number }, { signal } = {}) => {
          if (number === 3) throw lost();
          running.add(number);
          await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
        },
        abort: async () => void aborted++,
      }),
    }),
    { maxRetries: 1 },
  );
  await memory.put('kept', 'before');
  const put = resilient.put('kept', bytesOf(4 * mebibyte), { multipart: { partSizeBytes: mebibyte, concurrency: 3 } });
  await expect(put).rejects.toBeInstanceOf(StorageConnectionError);
  expect({ aborted, running: [...running] }).toEqual({ aborted: 1, running: [1, 2] });
  expect(new TextDecoder().decode(await memory.getBytes('kept'))).toBe('before');
});

test('a part that fails while the next one is still to come is not forgotten', async () => {
  let finished = 0;
  const { resilient } = storages(
    (memory) => ({
      startUpload: async (key, options) => ({
        ...(await memory.startUpload!(key, options)),
        send: async ({ number }) => {
          if (number === 1) throw lost();
        },
        finish: async () => {
          finished++;
          throw new Error('there is a part missing');
        },
      }),
    }),
    { maxRetries: 0 },
  );
  const slow = async function* slow(): AsyncGenerator<Uint8Array> {
    for (let part = 1; part <= 3; part++) {
      yield bytesOf(mebibyte);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const put = resilient.put('a', slow(), { multipart: { partSizeBytes: mebibyte / 4, concurrency: 100 } });
  await expect(put).rejects.toBeInstanceOf(StorageConnectionError);
  expect(finished).toBe(0);
});

test('bodies go in parts from 16 MiB on, or when asked to', async () => {
  const started: string[] = [];
  const { resilient } = storages((memory) => ({
    startUpload: (key, options) => {
      started.push(key);
      return memory.startUpload!(key, options);
    },
  }));
  await resilient.put('short', bytesOf(100));
  await resilient.put('long', new Uint8Array(16 * mebibyte + 1));
  await resilient.put('whole', new Uint8Array(16 * mebibyte + 1), { multipart: false });
  await resilient.put('asked', bytesOf(100), { multipart: true });
  await resilient.put('short stream', once(bytesOf(100)));
  await resilient.put('long stream', once(new Uint8Array(8 * mebibyte), bytesOf(1)));
  expect(started).toEqual(['long', 'asked', 'long stream']);
});

test('options of an upload are checked, and a listener that throws is its own affair', async () => {
  const { resilient } = storages(() => ({}));
  await expect(resilient.put('a', 'x', { multipart: 5 as never })).rejects.toThrow(
    'multipart must be true, false or an object of options, got 5',
  );
  await expect(resilient.put('a', 'x', { multipart: { partSizeBytes: 10 } })).rejects.toThrow(
    'multipart.partSizeBytes must be a whole number of at least 262144, got 10',
  );
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const onProgress = (): never => {
    throw new Error('no bar');
  };
  await resilient.put('a', 'x', { onProgress });
  expect(warn).toHaveBeenCalledWith('mulligan: onProgress threw; the upload goes on', expect.any(Error));
  warn.mockRestore();
});

test('a stream that fits into one part can be sent again', async () => {
  const { memory, resilient } = storages((memory) => ({ put: failing(2, memory.put.bind(memory)) }));
  await resilient.put('a', once(bytesOf(10), bytesOf(20)), { contentType: 'image/png' });
  expect(await memory.info('a')).toMatchObject({ sizeBytes: 30, contentType: 'image/png' });
});

test('a stream that can be read only once is refused when it would have to be sent again', async () => {
  const put = failing(1, async () => ({ key: 'a' }) as ObjectInfo);
  const { resilient } = storages(() => ({ put, startUpload: undefined as never }));
  const error = await resilient.put('a', once(bytesOf(1))).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: 'MULLIGAN_BODY_NOT_REPLAYABLE',
    message: expect.stringContaining('give bytes, a Blob, or a function that makes the stream') as string,
    cause: { code: 'MULLIGAN_STORAGE_CONNECTION' },
  });
  expect(ledgerOf(error)).toMatchObject({ attempts: 1, reason: 'body-not-replayable' });
  expect(put.calls).toBe(1);
});

test('whatever a policy retries, a stream is never sent when it has been read', async () => {
  const bodies: unknown[] = [];
  const { resilient } = storages(
    () => ({
      startUpload: undefined as never,
      put: async (_key, body) => {
        bodies.push(body);
        throw new TypeError('a mistake');
      },
    }),
    { retryableExceptions: () => true },
  );
  const error = await resilient.put('a', once(bytesOf(1))).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'MULLIGAN_BODY_NOT_REPLAYABLE', cause: { message: 'a mistake' } });
  expect(ledgerOf(error)).toMatchObject({ attempts: 2, reason: 'body-not-replayable' });
  expect(bodies).toHaveLength(1);
});

test('with retries switched off, the error of a stream is what it was', async () => {
  const { resilient } = storages(() => ({
    put: failing(1, async () => ({ key: 'a' }) as ObjectInfo),
    startUpload: undefined as never,
  }));
  const reactivate = setActive(false);
  try {
    await expect(resilient.put('a', once(bytesOf(1)))).rejects.toBeInstanceOf(StorageConnectionError);
  } finally {
    reactivate();
  }
});

test('a function makes the stream anew for each attempt', async () => {
  let made = 0;
  const { memory, resilient } = storages((memory) => ({
    startUpload: undefined as never,
    put: async (key, body, options) => {
      const stored = await memory.put(key, body, options);
      if (made < 3) throw lost();
      return stored;
    },
  }));
  await resilient.put('a', () => {
    made++;
    return once(bytesOf(5));
  });
  expect(made).toBe(3);
  expect(await memory.getBytes('a')).toEqual(bytesOf(5));
});

/** Breaks streams off after so many bytes, so often. */
function breaking(memory: Storage, times: number, afterBytes: number): Storage['get'] {
  let broken = 0;
  return async (key, options) => {
    const object = await memory.get(key, options);
    if (++broken > times) return object;
    const bytes = await collect(object.stream);
    let hasGiven = false;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (hasGiven) return controller.error(lost());
        hasGiven = true;
        return controller.enqueue(bytes.subarray(0, afterBytes));
      },
    });
    return { ...object, stream };
  };
}

test('a stream that breaks off goes on where it was', async () => {
  const { memory, resilient } = storages((memory) => ({ get: breaking(memory, 4, 1000) }));
  await memory.put('a', bytesOf(10_000));
  const { stream, sizeBytes } = await resilient.get('a');
  expect(sizeBytes).toBe(10_000);
  expect(await collect(stream)).toEqual(bytesOf(10_000));
});

test('a piece that breaks off goes on within the piece', async () => {
  const { memory, resilient } = storages((memory) => ({ get: breaking(memory, 2, 30) }));
  await memory.put('a', bytesOf(1000));
  const { stream } = await resilient.get('a', { range: { offset: 500, length: 100 } });
  expect(await collect(stream)).toEqual(bytesOf(1000).subarray(500, 600));
});

test('a stream that breaks after its last byte has been read whole', async () => {
  const { memory, resilient } = storages((memory) => ({ get: breaking(memory, 9, 100) }));
  await memory.put('a', bytesOf(100));
  expect(await collect((await resilient.get('a')).stream)).toEqual(bytesOf(100));
});

test('streams that end at once, again and again, are given up', async () => {
  const { memory, resilient } = storages((memory) => ({
    get: async (key, options) => ({ ...(await memory.get(key, options)), stream: new Blob([]).stream() }),
  }));
  await memory.put('a', bytesOf(100));
  const error = await resilient.get('a').catch((error: unknown) => error);
  expect(error).toMatchObject({ message: 'a: the stream ended after 0 of 100 bytes' });
  expect(ledgerOf(error)?.attempts).toBe(4);
});

test('what was changed while it was read is an error, and never a mixture', async () => {
  const { memory, resilient } = storages((memory) => ({ get: breaking(memory, 1, 10) }));
  await memory.put('a', bytesOf(100));
  const { stream } = await resilient.get('a');
  await memory.put('a', bytesOf(100));
  await expect(collect(stream)).rejects.toThrow('a: it was changed while it was read');
});

test('a stream can be left, and aborted', async () => {
  const { memory, resilient } = storages(() => ({}));
  await memory.put('a', bytesOf(100));
  for await (const chunk of chunksOf((await resilient.get('a')).stream)) {
    expect(chunk).toHaveLength(100);
    break;
  }
  const controller = new AbortController();
  const { stream } = await resilient.get('a', { signal: controller.signal });
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(collect(stream)).rejects.toBe(reason);
});

test('of a list only the page that failed is asked for again', async () => {
  const asked: (string | undefined)[] = [];
  const { resilient } = storages(() => ({
    listPage: async ({ cursor } = {}) => {
      asked.push(cursor);
      if (asked.filter((each) => each === cursor).length === 1) throw lost();
      const key = String(Number(cursor ?? 0));
      return { items: [{ key, sizeBytes: 1 }], ...(key !== '2' && { cursor: String(Number(key) + 1) }) };
    },
  }));
  const keys: string[] = [];
  for await (const { key } of resilient.list()) keys.push(key);
  expect(keys).toEqual(['0', '1', '2']);
  expect(asked).toEqual([undefined, undefined, '1', '1', '2', '2']);
});

test('a list without pages is tried again until its first item', async () => {
  let lists = 0;
  const { resilient } = storages(() => ({
    async *list() {
      if (++lists < 3) throw lost();
      yield { key: 'a', sizeBytes: 1 };
      yield { key: 'b', sizeBytes: 1 };
    },
  }));
  const keys: string[] = [];
  for await (const { key } of resilient.list()) keys.push(key);
  expect({ keys, lists }).toEqual({ keys: ['a', 'b'], lists: 3 });
});

test('a move whose answer was lost has moved', async () => {
  let moves = 0;
  const { memory, resilient } = storages((memory) => ({
    move: async (from, to) => {
      const moved = await memory.move(from, to);
      if (++moves === 1) throw lost();
      return moved;
    },
  }));
  await memory.put('a', 'x');
  expect(await resilient.move('a', 'b')).toMatchObject({ key: 'b', sizeBytes: 1 });
  await expect(resilient.move('a', 'c')).rejects.toMatchObject({ key: 'a' });
});

test('errors of a storage have kinds', () => {
  expect(isTransient(lost())).toBe(true);
  expect(categorize(lost())).toBe('connect');
  expect(isTransient(new StorageFileNotFoundError('a'))).toBe(false);
  expect(new StorageFileNotFoundError('a/b').message).toBe('File not found: a/b');
});
