import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listening } from '../../../../test/support/listening.ts';
import { dialThrough, pipePooled } from './index.ts';

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A pair of connected sockets, of which the test reads the far one. */
async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  const listener = await listening(server);
  onTestFinished(() => listener.close());
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = connect(listener.port, '127.0.0.1');
  const [far] = await accepted;
  return { near, far };
}

/** Serves these bytes, and gives a socket of pooled reads that leads to them. */
async function source(bytes: Buffer): Promise<Socket> {
  const listener = await listening(createServer((socket) => void socket.end(bytes)));
  onTestFinished(() => listener.close());
  return dialThrough(undefined, { host: '127.0.0.1', port: listener.port }, { pooled: true });
}

/** Carries everything from one socket to the other, the end included. */
function join(from: Socket, to: Socket): void {
  expect(pipePooled(from, to)).toBe(true);
  if (from.readableEnded) to.end();
  else from.once('end', () => to.end());
}

async function received(socket: Socket, pause: () => Promise<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer);
    await pause();
  }
  return Buffer.concat(chunks);
}

const tick = (): Promise<unknown> => new Promise((resolve) => void setImmediate(resolve));

test.each([0, 1, 1023, 1024, 1025, 65_536, 65_537, 5_000_000])(
  '%i bytes arrive as they were sent, by two ways at the same time, and however slowly they are read',
  async (size) => {
    const ways = await Promise.all(
      [1, 2].map(async (speed) => {
        const bytes = randomBytes(size);
        const [from, { near, far }] = [await source(bytes), await pair()];
        join(from, near);
        const got = await received(far, speed === 1 ? () => Promise.resolve() : tick);
        return [got.length, digest(got)].join() === [size, digest(bytes)].join();
      }),
    );
    expect(ways).toEqual([true, true]);
  },
);

test('what was read before as from any stream comes first', async () => {
  const bytes = randomBytes(200_000);
  const [from, { near, far }] = [await source(bytes), await pair()];
  await once(from, 'readable');
  const first = from.read(10) as Buffer;
  near.write(first);
  join(from, near);
  expect(digest(await received(far, tick))).toBe(digest(bytes));
});

test('a socket of ordinary reads is left alone', async () => {
  const { near, far } = await pair();
  expect(pipePooled(near, far)).toBe(false);
  near.destroy();
});
