import { createServer, request } from 'node:http';
import { listening } from '../../../support/listening.ts';

/** A server before a server, which refuses one part. */
export interface PartForwarder {
  readonly port: number;
  /** How many requests with a part it was given. */
  readonly parts: number;
  readonly close: () => Promise<void>;
}

/** Forwards everything; the second part that it sees is answered with 503, once. */
export async function startPartForwarder(
  target: number,
  isPart: (method: string, url: string) => boolean,
): Promise<PartForwarder> {
  let parts = 0;
  const server = createServer((asked, answer) => {
    const { method = 'GET', url = '/', headers } = asked;
    const hasBody = headers['content-length'] !== '0';
    if (isPart(method, url) && hasBody && ++parts === 2) {
      asked.resume().on('end', () => answer.writeHead(503).end());
      return;
    }
    const forwarded = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    asked.pipe(forwarded);
  });
  const listener = await listening(server);
  return {
    port: listener.port,
    get parts() {
      return parts;
    },
    close: () => listener.close(),
  };
}
