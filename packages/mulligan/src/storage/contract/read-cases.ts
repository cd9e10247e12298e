import { InvalidOptionError } from '../../kernel/index.ts';
import { collect } from '../body.ts';
import { StorageConfigurationError, StorageFileNotFoundError } from '../error.ts';
import { withRetry } from '../with-retry.ts';
import type { Cases } from './cases.ts';
import { check, checkBytes, checkEqual, checkRefused, failureOf, pattern } from './check.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What is there can be found, copied, moved and removed; what is not there is said to be missing. */
export const readCases: Cases = {
  'an object is read as a stream, with all that is known of it': async (storage, at) => {
    const bytes = pattern(200_000);
    await storage.put(at('stream'), bytes, { contentType: 'image/png', metadata: { a: 'b' } });
    const { stream, contentType, sizeBytes, lastModified, ...rest } = await storage.get(at('stream'));
    checkEqual('what is known', { contentType, sizeBytes }, { contentType: 'image/png', sizeBytes: bytes.length });
    checkEqual('the metadata', rest.metadata, { a: 'b' });
    check(lastModified === undefined || lastModified instanceof Date, 'lastModified must be a Date');
    checkBytes('what is read', await collect(stream), bytes);
  },
  'a stream can be left': async (storage, at) => {
    await storage.put(at('left'), pattern(500_000));
    const { stream } = await storage.get(at('left'));
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    // A client may hand the connection that was left to the next request, once.
    const { length } = await withRetry(() => storage.getBytes(at('left')), { maxRetries: 3, baseDelay: 5 });
    checkEqual('the length of what is still there', length, 500_000);
  },
  'a piece of an object is read': async (storage, at) => {
    const bytes = pattern(1000);
    await storage.put(at('piece'), bytes);
    const read = (offset: number, length?: number) => storage.getBytes(at('piece'), { range: { offset, length } });
    checkBytes('the beginning', await read(0, 10), bytes.subarray(0, 10));
    checkBytes('the middle', await read(300, 400), bytes.subarray(300, 700));
    checkBytes('the end', await read(990), bytes.subarray(990));
    checkBytes('what there is of a longer piece', await read(990, 100), bytes.subarray(990));
    const { stream, sizeBytes } = await storage.get(at('piece'), { range: { offset: 500, length: 1 } });
    checkEqual('the size of a piece', sizeBytes, 1);
    checkBytes('a single byte', await collect(stream), bytes.subarray(500, 501));
    await checkRefused('a piece before the beginning', read(-1), InvalidOptionError);
  },
  'what is missing is said to be missing': async (storage, at) => {
    const key = at('missing');
    await checkRefused('get', storage.get(key), StorageFileNotFoundError);
    await checkRefused('getBytes', storage.getBytes(key), StorageFileNotFoundError);
    await checkRefused('info', storage.info(key), StorageFileNotFoundError);
    await checkRefused('copy', storage.copy(key, at('copy')), StorageFileNotFoundError);
    await checkRefused('move', storage.move(key, at('moved')), StorageFileNotFoundError);
    checkEqual('exists', await storage.exists(key), false);
    const error = (await failureOf('info', storage.info(key))) as StorageFileNotFoundError;
    checkEqual('the key of the error', error.key, key);
  },
  'what is deleted is gone, and deleting it again is fine': async (storage, at) => {
    await storage.put(at('gone'), 'x');
    checkEqual('exists before', await storage.exists(at('gone')), true);
    await storage.delete(at('gone'));
    await storage.delete(at('gone'));
    checkEqual('exists after', await storage.exists(at('gone')), false);
    await checkRefused('getBytes', storage.getBytes(at('gone')), StorageFileNotFoundError);
  },
  'a list has what begins with the prefix, page by page': async (storage, at) => {
    const names = ['a/1', 'a/2', 'a/b/3', 'ab/4', 'c'];
    for (const name of names) await storage.put(at(name), name);
    const keysOf = async (prefix: string, pageSize?: number): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of storage.list({ prefix: at(prefix), pageSize })) keys.push(key);
      return keys.sort();
    };
    checkEqual('everything', await keysOf('', 2), names.map(at));
    checkEqual('a folder', await keysOf('a/'), ['a/1', 'a/2', 'a/b/3'].map(at));
    checkEqual('the beginning of a name', await keysOf('a', 1), ['a/1', 'a/2', 'a/b/3', 'ab/4'].map(at));
    checkEqual('nothing', await keysOf('nothing'), []);
    for await (const { sizeBytes } of storage.list({ prefix: at('a/b') })) checkEqual('the size', sizeBytes, 5);
  },
  'a list can be left': async (storage, at) => {
    for (const name of ['1', '2', '3']) await storage.put(at(name), name);
    for await (const { key } of storage.list({ prefix: at(''), pageSize: 1 })) {
      check(key.startsWith(at('')), 'a key must begin with the prefix');
      break;
    }
  },
  'a copy is the same, and leaves the original': async (storage, at) => {
    await storage.put(at('original'), 'x', { contentType: 'text/css', metadata: { by: 'ada' } });
    await storage.put(at('the copy'), 'something else that is longer');
    await storage.copy(at('original'), at('the copy'));
    const { contentType, metadata, sizeBytes } = await storage.info(at('the copy'));
    checkEqual('the copy', { contentType, metadata }, { contentType: 'text/css', metadata: { by: 'ada' } });
    checkEqual('the size', sizeBytes, 1);
    checkEqual('the content', text(await storage.getBytes(at('the copy'))), 'x');
    checkEqual('the original', text(await storage.getBytes(at('original'))), 'x');
    await storage.copy(at('original'), at('original'));
    checkEqual('a copy of itself', text(await storage.getBytes(at('original'))), 'x');
  },
  'what is moved is there, and only there': async (storage, at) => {
    await storage.put(at('from'), 'x', { contentType: 'text/css', metadata: { by: 'ada' } });
    await storage.put(at('to'), 'what was there');
    const moved = await storage.move(at('from'), at('to'));
    checkEqual('the key that move gives', moved.key, at('to'));
    checkEqual('the content', text(await storage.getBytes(at('to'))), 'x');
    const { contentType, metadata } = await storage.info(at('to'));
    checkEqual('what is known', { contentType, metadata }, { contentType: 'text/css', metadata: { by: 'ada' } });
    checkEqual('what is left', await storage.exists(at('from')), false);
    await storage.move(at('to'), at('to'));
    checkEqual('what moves nowhere', text(await storage.getBytes(at('to'))), 'x');
  },
  'an address, or a sentence why there is none': async (storage, at) => {
    await storage.put(at('shown'), 'x');
    try {
      const url = new URL(await storage.url(at('shown'), { expiresIn: '5m' }));
      check(url.protocol.startsWith('http'), `an address must be one of the web, got ${url.protocol}`);
    } catch (error) {
      check(error instanceof StorageConfigurationError, `url must be refused with a sentence, got ${String(error)}`);
    }
  },
};
