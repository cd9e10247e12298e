import { createServer, request as sendRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type Listening, listening } from './listening.ts';

/** A proxy that works. */
export interface WorkingProxy extends Pick<Listening, 'port' | 'open' | 'close'> {
  readonly url: string;
  /** Request lines and fields that it was given. */
  readonly seen: readonly { readonly line: string; readonly headers: readonly string[] }[];
}

/** Starts an HTTP proxy for CONNECT and absolute-form requests. */
export async function startWorkingProxy(): Promise<WorkingProxy> {
  const seen: { line: string; headers: string[] }[] = [];
  const server = createServer((request, reply) => {
    const { method = '', url = '', rawHeaders } = request;
    seen.push({ line: `${method} ${url}`, headers: rawHeaders });
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'connection'));
    const forwarded = sendRequest(url, { method, headers, agent: false }, (response) => {
      reply.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(reply);
    });
    forwarded.on('error', () => reply.destroy());
    request.pipe(forwarded);
  });
  server.on('connect', ({ url = '', rawHeaders }, client: Socket, head: Buffer) => {
    seen.push({ line: `CONNECT ${url}`, headers: rawHeaders });
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect({ host: hostname.replaceAll(/[[\]]/gu, ''), port: Number(port || 80) }, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.write(head);
      client.pipe(target).pipe(client);
    });
    target.on('error', () => client.destroy());
    target.once('close', () => client.destroy());
    client.once('close', () => target.destroy());
  });
  const listener = await listening(server);
  return {
    port: listener.port,
    url: `http://127.0.0.1:${listener.port}`,
    seen,
    get open() {
      return listener.open;
    },
    close: () => listener.close(),
  };
}
