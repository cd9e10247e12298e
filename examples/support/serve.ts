import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free port of this machine. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(respond: RequestListener): Promise<Served> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Answers with these statuses, one request after the other; the last one stays. */
export function answering(...statuses: number[]): RequestListener {
  let requests = 0;
  return (_request, reply) => {
    const status = statuses[Math.min(requests++, statuses.length - 1)] ?? 200;
    reply.writeHead(status, { 'content-type': 'application/json' });
    reply.end(JSON.stringify({ status, requests }));
  };
}
