import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StorageConfigurationError, StorageFileNotFoundError, StoragePermissionError } from '../error.ts';
import type { Storage } from '../storage.ts';
import { mapReadError, mapWriteError } from './map-error.ts';
import { fsStorage } from './index.ts';

let folder: string;
let root: string;
let storage: Storage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mulligan-fs-'));
  root = join(folder, 'root');
  storage = fsStorage({ root });
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = async (key: string): Promise<string> => new TextDecoder().decode(await storage.getBytes(key));
const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

async function keysOf(prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list({ prefix })) keys.push(key);
  return keys;
}

test('an object is a file of its own, named after its key', async () => {
  await storage.put('photos/a b.txt', 'hello', { contentType: 'text/plain' });
  expect(readFileSync(join(root, 'photos/a b.txt'), 'utf8')).toBe('hello');
});

test('files of other programs are objects, too', async () => {
  mkdirSync(join(root, 'deep'), { recursive: true });
  writeFileSync(join(root, 'deep/found.txt'), 'here');
  expect(await keysOf()).toEqual(['deep/found.txt']);
  expect(await storage.info('deep/found.txt')).toMatchObject({
    sizeBytes: 4,
    contentType: 'application/octet-stream',
    metadata: {},
  });
  expect(await text('deep/found.txt')).toBe('here');
});

test('files whose names are no keys are not objects', async () => {
  await storage.put('fine', 'x');
  mkdirSync(join(root, 'odd\nfolder'));
  writeFileSync(join(root, 'odd\nfolder/a'), 'x');
  writeFileSync(join(root, 'a\\b'), 'x');
  expect(await keysOf()).toEqual(['fine']);
});

test('nothing is read or written through symbolic links', async () => {
  await storage.put('inside', 'x');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync(folder, join(root, 'out'));
  symlinkSync(join(folder, 'secret'), join(root, 'link'));
  await expect(storage.getBytes('out/secret')).rejects.toBeInstanceOf(StoragePermissionError);
  await expect(storage.getBytes('link')).rejects.toBeInstanceOf(StoragePermissionError);
  await expect(storage.put('out/new', 'x')).rejects.toBeInstanceOf(StoragePermissionError);
  await expect(storage.put('out/deep/new', 'x')).rejects.toBeInstanceOf(StoragePermissionError);
  expect(readdirSync(folder).sort()).toEqual(['root', 'secret']);
  await expect(storage.delete('out/secret')).rejects.toBeInstanceOf(StoragePermissionError);
  await expect(storage.move('inside', 'out/moved')).rejects.toBeInstanceOf(StoragePermissionError);
  await storage.put('link', 'ours');
  expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('secret');
  expect(await text('link')).toBe('ours');
  expect(await keysOf()).toEqual(['inside', 'link']);
});

test('the storage keeps its own folder to itself', async () => {
  await storage.put('a', 'x', { metadata: { a: 'b' } });
  await expect(storage.put('.mulligan/about/a', 'x')).rejects.toThrow("which is the storage's own");
  expect(await keysOf()).toEqual(['a']);
});

test('what is said of an object goes with it, and nothing stays behind', async () => {
  await storage.put('a/b', 'one', { metadata: { version: 'one' } });
  await storage.put('a/b', 'two', { metadata: { version: 'two' } });
  await storage.move('a/b', 'c/d');
  await storage.copy('c/d', 'e');
  expect((await storage.info('e')).metadata).toEqual({ version: 'two' });
  await storage.put('e', 'plain');
  await storage.delete('c/d');
  await storage.delete('e');
  expect(filesIn(root)).toEqual([]);
  expect(readdirSync(root)).toEqual(['.mulligan']);
});

test('a reader keeps the version that it has opened', async () => {
  await storage.put('a', new Uint8Array(300_000).fill(1));
  const { stream } = await storage.get('a');
  await storage.put('a', new Uint8Array(300_000).fill(2));
  let read = 0;
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    expect(chunk.every((byte) => byte === 1)).toBe(true);
    read += chunk.length;
  }
  expect(read).toBe(300_000);
});

test('content and metadata of one version are read together, however often it is replaced', async () => {
  const write = async (version: number): Promise<void> => {
    const metadata = { version: String(version) };
    await storage.put('a', new Uint8Array(1000).fill(version), { metadata });
  };
  await write(1);
  let isWriting = true;
  const writing = (async () => {
    for (let version = 2; version < 30; version++) await write(version);
    isWriting = false;
  })();
  while (isWriting) {
    const { metadata, stream } = await storage.get('a');
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    expect(bytes).toHaveLength(1000);
    expect(new Set(bytes)).toEqual(new Set([Number(metadata['version'])]));
  }
  await writing;
});

test('a write that is not finished is nowhere to be seen', async () => {
  await storage.put('a', 'before');
  let seen: unknown;
  await storage.put(
    'a',
    (async function* watched() {
      yield new Uint8Array(200_000);
      seen = { text: await text('a'), keys: await keysOf() };
      yield new Uint8Array(10);
    })(),
  );
  expect(seen).toEqual({ text: 'before', keys: ['a'] });
  expect((await storage.info('a')).sizeBytes).toBe(200_010);
});

test('what a killed process left is removed after a day', async () => {
  const unfinished = join(root, '.mulligan/unfinished');
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'old'), 'half');
  writeFileSync(join(unfinished, 'young'), 'half');
  utimesSync(join(unfinished, 'old'), 1000, 1000);
  await storage.put('a', 'x');
  expect(readdirSync(unfinished)).toEqual(['young']);
});

test('a key cannot be the beginning of the path of another one', async () => {
  await storage.put('a', 'x');
  await expect(storage.put('a/b', 'y')).rejects.toThrow(StorageConfigurationError);
  await expect(storage.getBytes('a/b')).rejects.toBeInstanceOf(StorageFileNotFoundError);
  await storage.put('c/d', 'x');
  await expect(storage.put('c', 'y')).rejects.toThrow('no key can be the beginning of another');
  expect(await storage.exists('c')).toBe(false);
  await storage.delete('c');
  expect(await keysOf()).toEqual(['a', 'c/d']);
});

test('writers and removers of neighbours do not disturb each other', async () => {
  const work = Array.from({ length: 40 }, async (_, index) => {
    await storage.put(`shared/deep/${index % 8}`, `value ${index % 8}`);
    if (index % 3 === 0) await storage.delete(`shared/deep/${index % 8}`);
  });
  await Promise.all(work);
  for (const key of await keysOf()) expect(await text(key)).toBe(`value ${key.at(-1)}`);
});

test('an address needs a base', async () => {
  await expect(storage.url('a')).rejects.toThrow('give `baseUrl`');
  const shown = fsStorage({ root, baseUrl: 'https://cdn.example.com/files/' });
  expect(await shown.url('a b/ü?.txt')).toBe('https://cdn.example.com/files/a%20b/%C3%BC%3F.txt');
});

test('a list of a folder that is not there is empty', async () => {
  expect(await keysOf()).toEqual([]);
  expect(await storage.exists('a')).toBe(false);
  await storage.delete('a');
});

test('options are checked', () => {
  expect(() => fsStorage({ root: '' })).toThrow('root must be the path of a folder, got ""');
  expect(() => fsStorage({ folder: 'x' } as never)).toThrow("fsStorage has no option 'folder'");
});

test('errors of the file system become errors of a storage', () => {
  const failure = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'open' });
  const kinds = Object.fromEntries(
    ['ENOENT', 'EACCES', 'EMFILE', 'ENAMETOOLONG', 'ENOSPC', 'ENOTDIR'].map((code) => [
      code,
      [mapReadError(failure(code), 'a'), mapWriteError(failure(code), 'a')].map((error) => (error as Error).name),
    ]),
  );
  expect(kinds).toEqual({
    ENOENT: ['StorageFileNotFoundError', 'StorageError'],
    EACCES: ['StoragePermissionError', 'StoragePermissionError'],
    EMFILE: ['StorageConnectionError', 'StorageConnectionError'],
    ENAMETOOLONG: ['StorageConfigurationError', 'StorageConfigurationError'],
    ENOSPC: ['StorageError', 'StorageError'],
    ENOTDIR: ['StorageFileNotFoundError', 'StorageConfigurationError'],
  });
  const own = new Error('the source broke');
  expect(mapWriteError(own, 'a')).toBe(own);
});
