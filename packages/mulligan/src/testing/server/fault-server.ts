import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemWorld } from '../../kernel/index.ts';

/** A request as the server saw it, with its whole body. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** When it arrived, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** How the server answers the n-th request to a path; n counts from 1. */
export type Answer = (response: ServerResponse, request: SeenRequest, n: number) => void;

/** A server that misbehaves as told and remembers what it was asked. */
export class FaultServer {
  readonly requests: SeenRequest[] = [];
  /** How many connections were ever opened. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => void this.#serve(answer, request, response));
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts on a free port of the loopback address. */
  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Stops at once, whatever is still open. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  async #serve(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = systemWorld.wallNow();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The client left in the middle of its body: what came is what was seen.
    }
    const { method = '', url: path = '', headers } = request;
    const seen = { method, path, headers, body: Buffer.concat(chunks).toString(), at };
    const n = this.requests.push(seen);
    answer(response, seen, n);
  }
}

/** Runs the work against a server and stops the server. */
export async function withFaultServer<T>(answer: Answer, work: (server: FaultServer) => Promise<T>): Promise<T> {
  const server = await new FaultServer(answer).listen();
  try {
    return await work(server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}
