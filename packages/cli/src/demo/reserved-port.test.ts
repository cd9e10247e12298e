import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { loopback, startListening } from './listening.ts';
import { reservePort } from './reserved-port.ts';

test('a reserved port refuses connections, and can be listened on once it is given up', async () => {
  const reserved = await reservePort();
  const [error] = (await once(connect(reserved.port, loopback), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');

  await reserved.stop();
  const server = createServer();
  await expect(startListening(server, reserved.port)).resolves.toBe(reserved.port);
  server.close();
});

test('while a port is reserved nobody is given it as a free one', async () => {
  const reserved = await reservePort();
  const servers = Array.from({ length: 200 }, () => createServer());
  const ports = await Promise.all(servers.map((server) => startListening(server)));
  expect(ports).not.toContain(reserved.port);
  for (const server of servers) server.close();
  await reserved.stop();
});

test('a port that somebody listens on cannot be reserved', async () => {
  const server = createServer();
  const port = await startListening(server);
  await expect(reservePort(port)).rejects.toThrow('EADDRINUSE');
  server.close();
});
