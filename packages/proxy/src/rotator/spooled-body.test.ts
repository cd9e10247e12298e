import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpooledBody } from './spooled-body.ts';

async function read(chunks: AsyncIterable<Uint8Array>, most = Number.POSITIVE_INFINITY): Promise<string> {
  const parts: Uint8Array[] = [];
  if (most === 0) return '';
  for await (const chunk of chunks) {
    parts.push(chunk);
    if (parts.length === most) break;
  }
  return Buffer.concat(parts).toString();
}

test('a body of no more than 64 KiB is read from its beginning, as often as one likes, however far one came before', async () => {
  const texts = fc.array(fc.string({ maxLength: 20 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat({ max: 10 }), { maxLength: 3 }), async (parts, attempts) => {
      const body = new SpooledBody(Readable.from(parts, { objectMode: true }));
      for (const most of attempts) await read(body.open(), most);
      expect(body.isReplayable).toBe(true);
      expect(await read(body.open())).toBe(parts.join(''));
    }),
  );
});

test('a longer one only once, and it says so', async () => {
  const parts = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(20_000));
  const body = new SpooledBody(Readable.from(parts));
  expect(await read(body.open(), 3)).toBe(parts.slice(0, 3).join(''));
  expect(body.isReplayable).toBe(true);
  const again = body.open();
  expect(await read(again)).toBe(parts.join(''));
  expect(body.isReplayable).toBe(false);
  await expect(read(body.open())).rejects.toMatchObject({ code: 'MULLIGAN_BODY_NOT_REPLAYABLE' });
});

test('an older reader takes nothing from a newer one', async () => {
  const body = new SpooledBody(Readable.from(['a', 'b', 'c']));
  const older = body.open();
  expect(Buffer.from((await older.next()).value as Uint8Array).toString()).toBe('a');
  const newer = read(body.open());
  await expect(older.next()).rejects.toMatchObject({ code: 'MULLIGAN_BODY_NOT_REPLAYABLE' });
  expect(await newer).toBe('abc');
});

test('what goes wrong while it is read is told to the reader', async () => {
  const broken = new Error('the file is gone');
  async function* source(): AsyncGenerator<string> {
    yield 'a';
    throw broken;
  }
  await expect(read(new SpooledBody(source()).open())).rejects.toBe(broken);
});
