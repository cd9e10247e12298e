import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf } from './event-stream.ts';

function streamOf(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let at = 0;
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[n++ % sizes.length]!;
      controller.enqueue(bytes.subarray(at, (at += size)));
    },
  });
}

const eventsIn = async (text: string, sizes: readonly number[] = [1 << 20]): Promise<string[]> => {
  const events: string[] = [];
  for await (const event of eventsOf(streamOf(new TextEncoder().encode(text), sizes))) events.push(event);
  return events;
};

test('events are the same however the bytes are cut, whatever ends the lines', async () => {
  const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/gu, ''));
  const events = fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(events, sizes, fc.constantFrom('\n', '\r\n', '\r'), async (events, sizes, end) => {
      const text = events.map((lines) => lines.map((line) => `data: ${line}${end}`).join('') + end).join('');
      expect(await eventsIn(text, sizes)).toEqual(events.map((lines) => lines.join('\n')));
    }),
    { numRuns: 60 },
  );
});

test('names, ids and comments are left out; an end without an empty line is one', async () => {
  expect(await eventsIn(': hello\nevent: message\nid: 1\ndata:{"a":1}\n\nretry: 5\n\ndata\n\ndata: [DONE]')).toEqual([
    '{"a":1}',
    '',
    '[DONE]',
  ]);
  expect(await eventsIn('')).toEqual([]);
});

test('whoever stops reading ends the stream', async () => {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
    cancel: () => void (isCancelled = true),
  });
  for await (const event of eventsOf(stream)) {
    expect(event).toBe('x');
    break;
  }
  expect(isCancelled).toBe(true);
});
