import { connect, createServer, type Server, type Socket } from 'node:net';

/** A server that a test started, with all of its connections. */
export interface Listening {
  readonly port: number;
  /** How many connections it was given. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Ends it and everything that it holds. */
  close(): Promise<void>;
}

/** Lets a server listen on any free port of the loopback interface. */
export async function listening(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port that was free a moment ago, to listen on. For a refused connection see {@link startRefusing}. */
export async function freePort(): Promise<number> {
  const listener = await listening(createServer());
  await listener.close();
  return listener.port;
}

/** A place that refuses connections. */
export interface Refusing {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Takes a port on which nobody listens. It is the client's end of an open connection, so that nobody else is given
 * it while the test runs.
 */
export async function startRefusing(): Promise<Refusing> {
  const listener = await listening(createServer());
  const client = connect(listener.port, '127.0.0.1');
  await new Promise<void>((resolve) => void client.once('connect', resolve));
  return {
    port: client.localPort ?? 0,
    async close() {
      client.destroy();
      await listener.close();
    },
  };
}
