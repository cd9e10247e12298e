import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { World } from 'mulligan';
import type { Api } from '../api/index.ts';
import { cannotListen } from './cannot-listen.ts';

// Clients that drip are let go soon; the stream of events is an answer, which these do not limit.
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16_384,
};

const maxConnections = 1000;

/** Makes the API listen. @throws {MulliganError} when it cannot */
export function listenForApi(api: Api, { host, port }: { host: string; port: number }): Promise<Server> {
  const answer = getRequestListener(api.app.fetch, { overrideGlobalObjects: false });
  const server = createServer(limits, (request, response) => {
    // A connection that is kept for the next request would hold up the end.
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    void answer(request, response);
  });
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(cannotListen({ what: 'REST API', host, port }, error));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve(server);
    });
  });
}

/** Takes no more requests; those that run may take so long to end, then they are ended. */
export async function closeServer(server: Server, drainMs: number, world: World): Promise<void> {
  const timer = world.setTimer(() => server.closeAllConnections(), drainMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  timer.cancel();
}
