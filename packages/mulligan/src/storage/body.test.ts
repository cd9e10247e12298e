import * as fc from 'fast-check';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { InvalidOptionError } from '../kernel/index.ts';
import { bodyOf, chunksOf, collect, inParts, join } from './body.ts';
import { checkKey, checkMetadata } from './key.ts';
import { cut } from './range.ts';

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test('parts are the body, each as long as it may be but the last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 })),
      fc.integer({ min: 1, max: 50 }),
      async (chunks, size) => {
        const parts: Uint8Array[] = [];
        for await (const part of inParts(bodyOf(streamOf(chunks)), size)) parts.push(part);
        expect(join(parts)).toEqual(join(chunks));
        expect(parts.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(parts.at(-1)!.length).toBeLessThanOrEqual(size);
        if (parts.length > 1) expect(parts.at(-1)!.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('a piece is what slice gives, whatever the range', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat({ max: 50 }), fc.integer({ min: 1, max: 50 }), (bytes, offset, length) => {
      expect(cut(bytes, { offset, length })).toEqual(bytes.slice(offset, offset + length));
      expect(cut(bytes, { offset })).toEqual(bytes.slice(offset));
    }),
  );
});

test('any text whose parts are fit for names is a key, and stays what it is', () => {
  const part = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map((text) => text.replaceAll(/[/\\\p{Cc}\p{Surrogate}]/gu, '-'))
    .filter((text) => text !== '.' && text !== '..');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const key = parts.join('/');
      fc.pre(new TextEncoder().encode(key).length <= 1024);
      expect(checkKey(key)).toBe(key);
    }),
  );
});

test('a stream of Node is a body, and text in it is UTF-8', async () => {
  expect(new TextDecoder().decode(await bodyOf(Readable.from(['grü', Buffer.from('ße')])).bytes())).toBe('grüße');
});

test('a stream that is left is cancelled', async () => {
  let cancelled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: () => void cancelled++,
  });
  for await (const chunk of chunksOf(stream)) if (chunk.length > 0) break;
  expect(cancelled).toBe(1);
  const failed = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('broken')) });
  await expect(collect(failed)).rejects.toThrow('broken');
});

test('what is no body, no key and no metadata is answered in a sentence', () => {
  expect(() => bodyOf(42 as never)).toThrow('body must be text, bytes, a Blob, a stream or a function');
  expect(() => checkKey(42 as never)).toThrow('key must be text, got 42');
  expect(() => checkKey('\ud800')).toThrow('half a surrogate pair');
  expect(() => checkMetadata({ Big: 'x' })).toThrow('names of lower-case letters, digits and _, got "Big"');
  expect(() => checkMetadata({ a: 'ü' })).toThrow(InvalidOptionError);
});
