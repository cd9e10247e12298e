import { InvalidOptionError } from '../../kernel/index.ts';
import type { StorageBody, StorageProgress } from '../storage.ts';
import type { Cases } from './cases.ts';
import { check, checkBytes, checkEqual, checkRefused, chunks, failureOf, pattern } from './check.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

function webStreamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 100));
      controller.enqueue(bytes.subarray(100));
      controller.close();
    },
  });
}

/** Bodies of every kind, each 1000 bytes of the same pattern. */
const bodies: Readonly<Record<string, (bytes: Uint8Array) => StorageBody>> = {
  bytes: (bytes) => bytes,
  'an ArrayBuffer': (bytes) => bytes.slice().buffer,
  'a Blob': (bytes) => new Blob([bytes.slice().buffer]),
  'a stream of the platform': webStreamOf,
  'a generator': (bytes) => chunks(bytes.subarray(0, 10), bytes.subarray(10)),
  'a function that makes bytes': (bytes) => () => bytes,
  'a function that promises a stream': (bytes) => async () => webStreamOf(bytes),
};

/** What is written is read back. */
export const writeCases: Cases = {
  'what is put is read back, byte by byte': async (storage, at) => {
    const bytes = pattern(70_000);
    const stored = await storage.put(at('bytes'), bytes);
    checkEqual('the key that put gives', stored.key, at('bytes'));
    checkEqual('the size that put gives', stored.sizeBytes, bytes.length);
    checkBytes('what is read', await storage.getBytes(at('bytes')), bytes);
  },
  'text is stored as UTF-8': async (storage, at) => {
    await storage.put(at('text'), 'Grüße, 世界 🥏');
    checkEqual('the text', text(await storage.getBytes(at('text'))), 'Grüße, 世界 🥏');
  },
  'an empty body is an object, too': async (storage, at) => {
    await storage.put(at('empty'), '');
    checkEqual('its size', (await storage.info(at('empty'))).sizeBytes, 0);
    checkEqual('its content', (await storage.getBytes(at('empty'))).length, 0);
  },
  'a body is of any kind': async (storage, at) => {
    const bytes = pattern(1000);
    for (const [kind, make] of Object.entries(bodies)) {
      await storage.put(at('kind'), make(bytes));
      checkBytes(`what is read of ${kind}`, await storage.getBytes(at('kind')), bytes);
      await storage.delete(at('kind'));
    }
  },
  'type and metadata are kept': async (storage, at) => {
    const options = { contentType: 'text/plain', metadata: { owner: 'ada', part_2: 'a b' } };
    await storage.put(at('about'), 'x', options);
    const { contentType, metadata, key } = await storage.info(at('about'));
    checkEqual('what info says', { contentType, metadata, key }, { ...options, key: at('about') });
    await storage.put(at('blob'), new Blob(['<p>'], { type: 'text/html' }));
    checkEqual('the type of a Blob', (await storage.info(at('blob'))).contentType, 'text/html');
  },
  'put replaces all that was there': async (storage, at) => {
    await storage.put(at('replaced'), pattern(5000), { contentType: 'text/plain', metadata: { old: 'yes' } });
    const before = await storage.info(at('replaced'));
    await storage.put(at('replaced'), 'short');
    const after = await storage.info(at('replaced'));
    checkEqual('the content', text(await storage.getBytes(at('replaced'))), 'short');
    checkEqual('the metadata', after.metadata, {});
    check(before.etag === undefined || before.etag !== after.etag, 'the etag must be another one after a change');
  },
  'keys may have odd characters': async (storage, at) => {
    const names = [
      'a b',
      'ä/ö',
      '100%',
      'a+b&c=d',
      'q?x#y',
      "it's",
      '世界/🥏.txt',
      '(1)~!@$,;',
      '%2F',
      '...',
      '.hidden',
    ];
    for (const name of names) await storage.put(at(name), name);
    for (const name of names) checkEqual(`what is under ${name}`, text(await storage.getBytes(at(name))), name);
    const listed = new Set<string>();
    for await (const { key } of storage.list({ prefix: at('') })) listed.add(key);
    checkEqual(
      'the listed keys',
      names.filter((name) => !listed.has(at(name))),
      [],
    );
  },
  'keys that not every backend keeps are refused': async (storage, at) => {
    await storage.put(at('any'), 'x');
    for (const key of [
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../../b',
      './a',
      'a\\b',
      'a\u0000b',
      'a\nb',
      'x'.repeat(1025),
    ]) {
      await checkRefused(`to put ${JSON.stringify(key)}`, storage.put(key, 'x'), InvalidOptionError);
      await checkRefused(`to read ${JSON.stringify(key)}`, storage.getBytes(key), InvalidOptionError);
      await checkRefused(`to move to ${JSON.stringify(key)}`, storage.move(at('any'), key), InvalidOptionError);
    }
  },
  'a body that breaks leaves what was there': async (storage, at) => {
    const broken = new Error('the source broke');
    const breaking = async function* breaking(): AsyncGenerator<Uint8Array> {
      yield pattern(20_000);
      throw broken;
    };
    await storage.put(at('kept'), 'before');
    await failureOf('a body that breaks', storage.put(at('kept'), breaking()));
    await failureOf('a body that breaks', storage.put(at('none'), breaking()));
    checkEqual('what is there', text(await storage.getBytes(at('kept'))), 'before');
    checkEqual('whether there is something', await storage.exists(at('none')), false);
  },
  'what is aborted is not written': async (storage, at) => {
    const reason = new Error('never mind');
    const controller = new AbortController();
    controller.abort(reason);
    const { signal } = controller;
    checkEqual('the error', (await failureOf('put', storage.put(at('no'), 'x', { signal }))) === reason, true);
    checkEqual('whether it is there', await storage.exists(at('no')), false);
  },
  'writers of one key do not mix': async (storage, at) => {
    const versions = [1, 2, 3, 4].map((seed) => pattern(50_000 + seed, seed));
    await Promise.all(versions.map((bytes) => storage.put(at('contended'), bytes)));
    const found = await storage.getBytes(at('contended'));
    checkBytes('what is read', found, versions[found.length - 50_001] ?? encode('a mixture'));
  },
  'readers see the old or the new, and nothing between': async (storage, at) => {
    const [old, young] = [pattern(60_000, 1), pattern(40_000, 2)];
    await storage.put(at('watched'), old);
    const writing = storage.put(at('watched'), chunks(young.subarray(0, 10), young.subarray(10)));
    for (let reads = 0; reads < 5; reads++) {
      const found = await storage.getBytes(at('watched'));
      checkBytes('what is read', found, found.length === old.length ? old : young);
    }
    await writing;
    checkBytes('what is read at the end', await storage.getBytes(at('watched')), young);
  },
  'a long body arrives whole, and tells how far it is': async (storage, at) => {
    const bytes = pattern(11 * 1024 * 1024);
    const seen: StorageProgress[] = [];
    const options = { multipart: { partSizeBytes: 5 * 1024 * 1024 }, contentType: 'video/mp4', metadata: { cut: '1' } };
    const stored = await storage.put(at('long'), bytes, { ...options, onProgress: (progress) => seen.push(progress) });
    checkEqual('the size', stored.sizeBytes, bytes.length);
    checkEqual('the last progress', seen.at(-1), {
      key: at('long'),
      loadedBytes: bytes.length,
      totalBytes: bytes.length,
    });
    check(
      seen.every(({ loadedBytes }, index) => loadedBytes >= (seen[index - 1]?.loadedBytes ?? 0)),
      'progress must not go back',
    );
    checkBytes('what is read', await storage.getBytes(at('long')), bytes);
    const { contentType, metadata } = await storage.info(at('long'));
    checkEqual('what info says', { contentType, metadata }, { contentType: 'video/mp4', metadata: { cut: '1' } });
  },
};
