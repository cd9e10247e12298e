import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** Where everything of the demonstration listens: nothing outside of this machine can reach it. */
export const loopback = '127.0.0.1';

/** Starts a server on the loopback address and tells its port. @param port 0 takes any free one */
export async function startListening(server: Server, port = 0): Promise<number> {
  server.listen(port, loopback);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
