import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { loopback, startListening } from './listening.ts';
import type { Stoppable } from './stoppable.ts';

/** A port on which nothing listens and which nobody else gets, until it is stopped. */
export interface ReservedPort extends Stoppable {
  readonly port: number;
}

/**
 * Reserves a port by tying it to the near end of a connection: connections to it are refused, and yet it is taken.
 * Closing a listener instead would leave its port to the next program that asks for any free one.
 * @param port 0 takes any free one
 */
export async function reservePort(port = 0): Promise<ReservedPort> {
  const peer = createServer((far) => far.on('error', () => far.destroy()));
  const socket = connect({
    host: loopback,
    port: await startListening(peer),
    localAddress: loopback,
    localPort: port,
  });
  try {
    await once(socket, 'connect');
  } catch (error) {
    peer.close();
    throw error;
  }
  const isOver = Promise.all([once(socket, 'close'), once(peer, 'close')]);
  const { localPort } = socket;
  if (localPort === undefined) throw new Error('the reserving connection has no local port');
  return {
    port: localPort,
    async stop() {
      peer.close();
      // A reset: an orderly end would keep the port busy for another minute.
      socket.resetAndDestroy();
      await isOver;
    },
  };
}
