import { virtualWorld } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { encodeMessage, Feed } from './feed.ts';

const decode = (chunk: Uint8Array | undefined) => new TextDecoder().decode(chunk);

test('a message has its id, its type and its data', () => {
  expect(decode(encodeMessage({ id: 'x-1', type: 'request', data: { a: 'b\nc' } }))).toBe(
    'id: x-1\nevent: request\ndata: {"a":"b\\nc"}\n\n',
  );
  expect(decode(encodeMessage({ type: 'status', data: 1 }))).toBe('event: status\ndata: 1\n\n');
});

test('a silent stream shows every 15 s that it is alive', async () => {
  const world = virtualWorld();
  const feed = new Feed(world, () => {});
  const reader = feed.stream.getReader();
  await reader.read();
  await world.advance('15s');
  expect(decode((await reader.read()).value)).toBe(': alive\n\n');
  await world.advance('10s');
  feed.send(encodeMessage({ type: 'x', data: 0 }));
  await world.advance('14s');
  expect(decode((await reader.read()).value)).toMatch(/^event: x/u);
  await world.advance('1s');
  expect(decode((await reader.read()).value)).toBe(': alive\n\n');
});

test('a reader that does not read is let go before it costs much memory', async () => {
  let ends = 0;
  const feed = new Feed(virtualWorld(), () => void ends++);
  for (let count = 0; count < 3000; count++) feed.send(encodeMessage({ type: 'x', data: count }));
  expect(ends).toBe(1);
  let chunks = 0;
  for await (const _ of feed.stream) chunks++;
  expect(chunks).toBe(2000);
});

test('a reader that goes away is told of once, and leaves no timer', async () => {
  const world = virtualWorld();
  let ends = 0;
  const feed = new Feed(world, () => void ends++);
  await feed.stream.cancel();
  feed.send(encodeMessage({ type: 'x', data: 0 }));
  feed.close();
  expect(ends).toBe(1);
  expect(world.pendingTimers).toBe(0);
});
