import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spool } from './spool.ts';

const bytes = (...parts: string[]): Uint8Array<ArrayBuffer>[] => parts.map((part) => new TextEncoder().encode(part));
const streamOf = (...parts: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of bytes(...parts)) controller.enqueue(chunk);
      controller.close();
    },
  });
const text = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

test('a stream that fits is sent again from its beginning', async () => {
  const spool = new Spool(streamOf('one ', 'two ', 'three'), 100);
  expect(await text(spool.stream())).toBe('one two three');
  expect(spool.canReplay).toBe(true);
  expect(await text(spool.stream())).toBe('one two three');
});

test('an attempt that breaks off in the middle leaves the rest to the next', async () => {
  const spool = new Spool(streamOf('one ', 'two ', 'three'), 100);
  const reader = spool.stream().getReader();
  await reader.read();
  await reader.cancel();
  expect(await text(spool.stream())).toBe('one two three');
});

test('what a broken attempt was still waiting for is not lost', async () => {
  let send: ((chunk: Uint8Array) => void) | undefined;
  let close: (() => void) | undefined;
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (chunk) => controller.enqueue(chunk);
      close = () => controller.close();
    },
  });
  const spool = new Spool(source, 100);
  const broken = spool.stream().getReader();
  void broken.read();
  await broken.cancel();
  const again = text(spool.stream());
  for (const part of bytes('one ', 'two')) send?.(part);
  close?.();
  expect(await again).toBe('one two');
});

test('a stream that is too large is sent whole, once', async () => {
  const spool = new Spool(streamOf('one ', 'two ', 'three'), 6);
  expect(spool.canReplay).toBe(true);
  expect(await text(spool.stream())).toBe('one two three');
  expect(spool.canReplay).toBe(false);
});

test('a stream that turns out too large during the second attempt still arrives whole', async () => {
  const spool = new Spool(streamOf('one ', 'two ', 'three ', 'four'), 8);
  const reader = spool.stream().getReader();
  await reader.read();
  await reader.read();
  await reader.cancel();
  expect(spool.canReplay).toBe(true);
  expect(await text(spool.stream())).toBe('one two three four');
});

test('a generator of text and bytes is a body, too', async () => {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    yield 'one ';
    yield* bytes('two');
  }
  expect(await text(new Spool(body(), 100).stream())).toBe('one two');
});

test('what is neither text nor bytes is an error', async () => {
  const source = new ReadableStream({ start: (controller) => controller.enqueue(5) });
  await expect(text(new Spool(source, 100).stream())).rejects.toThrow('a streamed body must consist of bytes');
});

test('an error of the source is an error of every attempt', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('disk gone')) });
  const spool = new Spool(broken, 100);
  await expect(text(spool.stream())).rejects.toThrow('disk gone');
  await expect(text(spool.stream())).rejects.toThrow('disk gone');
});

test('giving up cancels the source, unless it has ended', async () => {
  const cancelled: unknown[] = [];
  const source = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1));
      },
      pull: (controller) => controller.close(),
      cancel: (reason) => void cancelled.push(reason),
    });
  await new Spool(source(), 100).cancel('enough');
  const read = new Spool(source(), 100);
  await text(read.stream());
  await read.cancel('late');
  expect(cancelled).toEqual(['enough']);
});

test('wherever attempts break off, each sends the body from its beginning, and the last all of it', async () => {
  const chunks = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 12 });
  const breaks = fc.array(fc.nat({ max: 12 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(chunks, breaks, fc.nat({ max: 40 }), async (parts, readsBefore, limit) => {
      const whole = parts.join('');
      const spool = new Spool(streamOf(...parts), limit);
      for (const reads of readsBefore) {
        if (!spool.canReplay) return;
        const reader = spool.stream().getReader();
        let seen = '';
        for (let i = 0; i < reads; i++) seen += new TextDecoder().decode((await reader.read()).value);
        await reader.cancel();
        expect(whole.startsWith(seen)).toBe(true);
      }
      if (spool.canReplay) expect(await text(spool.stream())).toBe(whole);
    }),
  );
});
