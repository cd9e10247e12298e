import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import { virtualWorld } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { Lobby } from './lobby.ts';

function lobbyOf(connections: number, queue: number) {
  const world = virtualWorld();
  const told: string[] = [];
  const names = new Map<Socket, string>();
  const lobby = new Lobby({
    connections,
    queue,
    queueMs: 1000,
    world,
    refuse: (socket) => void told.push(`${names.get(socket)} refused`),
  });
  const come = (name: string): Socket => {
    const socket = new PassThrough() as unknown as Socket;
    names.set(socket, name);
    lobby.receive(socket, () => void told.push(`${name} served`));
    return socket;
  };
  const leave = async (socket: Socket): Promise<void> => {
    socket.destroy();
    await new Promise((resolve) => void setImmediate(resolve));
  };
  return { world, told, come, leave };
}

test('who finds room is served at once, others in the order in which they came', async () => {
  const { told, come, leave, world } = lobbyOf(1, 2);
  const first = come('a');
  const second = come('b');
  come('c');
  expect(told).toEqual(['a served']);
  await leave(first);
  expect(told).toEqual(['a served', 'b served']);
  await leave(second);
  expect(told).toEqual(['a served', 'b served', 'c served']);
  expect(world.pendingTimers).toBe(0);
});

test('nobody waits where the queue is full, or longer than its time', async () => {
  const { told, come, world } = lobbyOf(1, 1);
  come('a');
  come('b');
  come('c');
  expect(told).toEqual(['a served', 'c refused']);
  await world.advance(1000);
  expect(told).toEqual(['a served', 'c refused', 'b refused']);
});

test('who goes away while waiting makes room for the next', async () => {
  const { told, come, leave, world } = lobbyOf(1, 1);
  const first = come('a');
  await leave(come('b'));
  come('c');
  await leave(first);
  expect(told).toEqual(['a served', 'c served']);
  expect(world.pendingTimers).toBe(0);
});
