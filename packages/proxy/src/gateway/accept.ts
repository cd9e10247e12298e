import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { World } from 'mulligan';

/** What looks at the first byte of each connection. */
export interface Acceptance {
  readonly world: World;
  /** How long a client may keep silent at first. */
  readonly firstByteMs: number;
  /** Called for a connection that begins as SOCKS5; everything else is left to the HTTP server. */
  readonly onSocks: (socket: Socket) => void;
  /** Called for every connection, before anything else; it calls `serve` when the connection's turn has come. */
  readonly receive: (socket: Socket, serve: () => void) => void;
}

/** What a SOCKS5 client begins with. */
export const socks5 = 5;

/**
 * Puts a look at the first byte before an HTTP server's own handling of a connection, so that HTTP and SOCKS5 share
 * a port. The server goes on listening, and goes on watching over slow heads, as it always does.
 * @returns how to give the server a connection that is known to be HTTP
 */
export function shareWithSocks(server: Server, acceptance: Acceptance): (socket: Socket) => void {
  const event = server.listenerCount('secureConnection') > 0 ? 'secureConnection' : 'connection';
  const listeners = server.listeners(event) as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners(event);
  const onHttp = (socket: Socket): void => {
    for (const listener of listeners) listener.call(server, socket);
  };
  server.on(event, (socket: Socket) => {
    // Errors before and after HTTP's own listeners: 'close' follows, and whoever holds the socket sees that.
    socket.on('error', ignore);
    acceptance.receive(socket, () => awaitFirstByte(socket, acceptance, onHttp));
  });
  return onHttp;
}

function awaitFirstByte(
  socket: Socket,
  { world, firstByteMs, onSocks }: Acceptance,
  onHttp: (socket: Socket) => void,
): void {
  const timer = world.setTimer(() => socket.destroy(), firstByteMs);
  const onClose = (): void => timer.cancel();
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    // At the end of the stream there is nothing to read.
    if (chunk === null) {
      socket.destroy();
      return;
    }
    timer.cancel();
    socket.off('close', onClose).off('readable', onReadable);
    socket.unshift(chunk);
    if (chunk[0] === socks5) onSocks(socket);
    else onHttp(socket);
  };
  socket.on('readable', onReadable).once('close', onClose);
}

function ignore(): void {}
