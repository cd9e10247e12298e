import { connect, createServer, type Socket } from 'node:net';
import { type Listening, listening } from '../../../support/listening.ts';

/** A way to a server that breaks when it is told to. */
export interface BreakingProxy extends Pick<Listening, 'port' | 'accepted' | 'close'> {
  /** Resets the connection in the place of handing on the next messages of clients. */
  breakNext(times: number): void;
}

export async function startBreakingProxy(targetPort: number): Promise<BreakingProxy> {
  let breaks = 0;
  const serve = (client: Socket): void => {
    const server = connect(targetPort, '127.0.0.1');
    client.on('data', (message) => {
      if (breaks <= 0) {
        server.write(message);
        return;
      }
      breaks--;
      client.resetAndDestroy();
    });
    server.pipe(client);
    server.on('error', () => client.destroy());
    client.on('error', () => {});
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
  };
  const listener = await listening(createServer(serve));
  return {
    port: listener.port,
    get accepted() {
      return listener.accepted;
    },
    breakNext(times) {
      breaks = times;
    },
    close: () => listener.close(),
  };
}
