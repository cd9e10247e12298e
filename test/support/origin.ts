import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Certificates } from './certificates.ts';
import { type Listening, listening } from './listening.ts';

/** A request that an origin has received. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A server to be reached. */
export interface TestOrigin extends Pick<Listening, 'port' | 'open' | 'accepted' | 'close'> {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/**
 * Starts an origin. It answers `200 hello` with what was sent to it, unless it is told another way to answer.
 * @param certificates makes it an HTTPS origin
 */
export async function startOrigin({
  certificates,
  respond,
}: { certificates?: Pick<Certificates, 'cert' | 'key'>; respond?: RequestListener } = {}): Promise<TestOrigin> {
  const seen: SeenRequest[] = [];
  const onRequest: RequestListener = (request, reply) => {
    bodyOf(request).then(
      (body) => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders, body });
        if (respond === undefined) reply.end(`hello ${body}`);
        else respond(request, reply);
      },
      () => reply.destroy(),
    );
  };
  const server = certificates === undefined ? createServer(onRequest) : createTlsServer(certificates, onRequest);
  const listener = await listening(server);
  const scheme = certificates === undefined ? 'http' : 'https';
  return {
    port: listener.port,
    url: `${scheme}://127.0.0.1:${listener.port}`,
    seen,
    get accepted() {
      return listener.accepted;
    },
    get open() {
      return listener.open;
    },
    close: () => listener.close(),
  };
}
