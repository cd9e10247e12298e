import { type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a client got. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a client sends. */
export interface ClientRequest {
  /** The port of the proxy, on 127.0.0.1. */
  readonly proxyPort: number;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function read(response: IncomingMessage): Promise<ClientAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('latin1');
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Sends a plain request through a proxy, in absolute form. */
export function plainThrough({ proxyPort, url, method = 'GET', headers, body }: ClientRequest): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port: proxyPort, path: url, method, agent: false } as const;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = sendRequest({ ...target, headers: { host: new URL(url).host, ...length, ...headers } });
    request.on('response', (response) => void read(response).then(resolve, reject));
    request.on('error', reject);
    request.end(body);
  });
}

/** Opens a tunnel through a proxy. Rejects with the proxy's answer when that is not 2xx. */
export function tunnelTo({ proxyPort, url, headers }: ClientRequest): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const authority = `${hostname}:${port === '' ? 443 : port}`;
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port: proxyPort, path: authority, method: 'CONNECT', agent: false } as const;
    const request = sendRequest({ ...target, headers: { host: authority, ...headers } });
    request.on('connect', (response, socket: Socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(Object.assign(new Error(`CONNECT was answered ${response.statusCode}`), { answer: response }));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on('error', reject);
    request.end();
  });
}

/** Sends an HTTPS request through a tunnel, as a browser does. */
export async function secureThrough(request: ClientRequest & { readonly ca: string }): Promise<ClientAnswer> {
  const { url, ca, method = 'GET', body } = request;
  const socket = await tunnelTo(request);
  const secure = connectTls({ socket, ca, servername: 'localhost' });
  return new Promise<ClientAnswer>((resolve, reject) => {
    secure.on('error', reject);
    const headers = { host: new URL(url).host, connection: 'close' };
    const sent = sendRequest({ method, path: new URL(url).pathname, headers, createConnection: () => secure });
    sent.on('response', (response) => void read(response).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  }).finally(() => secure.destroy());
}

/** Waits until a socket is closed, whatever the reason. */
export async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
}
