import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { type Served, serve } from './serve.ts';

function forward({ method, url = '', headers }: IncomingMessage, reply: ServerResponse): void {
  const sent = send(url, { method, headers }, (response) => {
    reply.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(reply);
  });
  sent.on('error', () => reply.destroy());
  sent.end();
}

/**
 * A proxy for plain HTTP. Those of its requests that `isDown` says, counted from 1, it answers with 503; without it, it
 * works.
 */
export function serveProxy(isDown: (request: number) => boolean = () => false): Promise<Served> {
  let requests = 0;
  return serve((request, reply) => {
    if (isDown(++requests)) reply.writeHead(503).end();
    else forward(request, reply);
  });
}

/** A proxy that never works. */
export function serveBrokenProxy(): Promise<Served> {
  return serveProxy(() => true);
}

/** A server behind the proxies. */
export function serveTarget(): Promise<Served> {
  return serve((_request, reply) => void reply.end('data'));
}

export async function closeAll(...servers: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}
