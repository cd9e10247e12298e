import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Duration, Emitter, type EventListener, type Subscription, toMs } from 'mulligan';
import { formatPlace, type Place } from '../dial/index.ts';
import { shareWithSocks, socks5 } from './accept.ts';
import { connectService } from './connect-service.ts';
import { Doorkeeper } from './credentials.ts';
import type { GatewayEvent } from './event.ts';
import type { GatewayOptions } from './options.ts';
import { Lobby } from './lobby.ts';
import { formatAnswer, ownAnswer } from './own-answer.ts';
import { planGateway } from './plan.ts';
import { plainService } from './plain-service.ts';
import { BodyMemory } from './request-body.ts';
import { sayAndClose, serve, type Service } from './serve.ts';
import type { GatewayServices } from './services.ts';
import { refusedSocks, serveSocks } from './socks-server.ts';
import { TargetPolicy } from './target-policy.ts';
import type { Trouble } from './trouble.ts';
import { Unanswered } from './unanswered.ts';
import { upgradeService, wantsWebSocket, withoutUpgrade } from './upgrade-service.ts';
import { UpstreamAgent } from './upstream-agent.ts';

/**
 * A forward proxy that fails over between upstream proxies without its clients noticing. One port takes plain HTTP
 * requests, CONNECT and SOCKS5.
 *
 * @example
 * const gateway = new Gateway({ rotator, port: 0 });
 * await gateway.listen();
 * console.log(gateway.url); // curl -x … https://example.com
 * await gateway.close({ within: '5s' });
 */
export class Gateway {
  readonly #services: GatewayServices;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #listeners: Place[] = [];
  readonly #unanswered = new Unanswered();
  #closing: Promise<void> | undefined;

  /** @throws {InvalidOptionError} in a sentence; also for a host that others can reach, without `auth` */
  constructor(options: GatewayOptions) {
    const plan = planGateway(options);
    const { connectPorts, guardsPrivate, lookup } = plan;
    const listeners = (): readonly Place[] => this.#listeners;
    this.#services = {
      plan,
      rotator: options.rotator,
      targets: new TargetPolicy({
        connectPorts,
        guardsPrivate,
        listeners,
        ...(lookup === undefined ? {} : { lookup }),
      }),
      doorkeeper: new Doorkeeper(plan.users, plan),
      pseudonym: `mulligan-${randomBytes(8).toString('hex')}`,
      pooled: new UpstreamAgent({ keepAlive: true, timeout: keptMs }),
      single: new UpstreamAgent({ keepAlive: false }),
      bodies: new BodyMemory(plan.bodyMemoryBytes),
      events: new Emitter(),
    };
    this.#server = this.#createServer();
  }

  /** Begins to listen. Rejects when the address cannot be had, with Node's error (`EADDRINUSE`). */
  async listen(): Promise<Place> {
    const { host, port } = this.#services.plan;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.address;
    this.protect(address);
    return address;
  }

  /** Where it listens. @throws {Error} before {@link Gateway.listen} */
  get address(): Place {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) throw new Error('the gateway does not listen yet');
    return { host: address.address, port: address.port };
  }

  /** Its address as clients take it, such as `http://127.0.0.1:8080`. */
  get url(): string {
    return `${this.#services.plan.tls === undefined ? 'http' : 'https'}://${formatPlace(this.address)}`;
  }

  /** Makes a listener of this process unreachable through the gateway: the REST API's, the dashboard's. */
  protect(listener: Place): void {
    this.#listeners.push(listener);
  }

  /** Listens to what happens here; what happens to each attempt, the rotator tells. */
  onEvent(listener: EventListener<GatewayEvent>): Subscription {
    return this.#services.events.on(listener);
  }

  /** Client connections that are open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  /**
   * Stops listening, lets what runs come to its end, and ends the rest by force.
   * @param within how long to wait for what runs, by default 10 s
   */
  close({ within = '10s' }: { within?: Duration } = {}): Promise<void> {
    this.#closing ??= this.#close(toMs(within, 'within'));
    return this.#closing;
  }

  async #close(withinMs: number): Promise<void> {
    const { plan, pooled, single } = this.#services;
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = plan.world.setTimer(() => this.#destroySockets(), withinMs);
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
    await closed;
    // The server counts connections until just before they tell that they are closed.
    for (const socket of this.#sockets)
      await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    timer.cancel();
    pooled.destroy();
    single.destroy();
  }

  #destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #createServer(): Server {
    const services = this.#services;
    const { plan } = services;
    const options: ServerOptions = {
      maxHeaderSize: plan.headerBytes,
      headersTimeout: plan.headMs,
      // A body may take its time; what stands still is ended by the idle limit.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(2000, plan.headMs),
      keepAliveTimeout: Math.min(plan.idleMs, keepAliveMs),
      noDelay: true,
      insecureHTTPParser: false,
    };
    const server = plan.tls === undefined ? createServer(options) : createTlsServer({ ...options, ...plan.tls });
    server.setTimeout(plan.idleMs);
    // Those who wait, and refusals that linger for a moment, need room of their own.
    server.maxConnections = 2 * plan.connections + plan.queue;
    server.on('request', (request, reply) => {
      if (this.#closing !== undefined) reply.shouldKeepAlive = false;
      this.#unanswered.begin(request.socket, reply);
      void this.#serve(plainService(services, request, reply));
    });
    server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (this.#unanswered.has(socket)) socket.destroy();
      else void this.#serve(connectService(services, request, socket, head));
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#answerMalformed(error, socket));
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (this.#unanswered.has(socket)) socket.destroy();
      else if (wantsWebSocket(request)) void this.#serve(upgradeService(services, request, socket, head));
      else {
        withoutUpgrade(request, socket, head);
        takeHttp(socket);
      }
    });
    const lobby = new Lobby({ ...plan, refuse: (socket) => this.#refuse(socket) });
    const takeHttp = shareWithSocks(server, {
      world: plan.world,
      firstByteMs: plan.headMs,
      onSocks: (socket) => void serveSocks(services, socket),
      receive: (socket, begin) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        lobby.receive(socket, begin);
      },
    });
    return server;
  }

  async #serve(service: Service): Promise<void> {
    await serve(this.#services, service);
    if (this.#closing !== undefined) this.#server.closeIdleConnections();
  }

  /** There is no room. What a connection speaks is known if it has said something. */
  #refuse(socket: Socket): void {
    const said = socket.read() as Buffer | null;
    if (said?.[0] === socks5) sayAndClose(socket, refusedSocks);
    else {
      const message = 'the gateway has too many connections';
      this.#answerAndClose(socket, { status: 503, error: 'connection_limit_reached', message, retryAfterMs: 1000 });
    }
  }

  /** What is no HTTP is answered as far as possible, and never reaches anybody. */
  #answerMalformed({ code }: NodeJS.ErrnoException, socket: Socket): void {
    if (!socket.writable || socket.bytesWritten > 0 || code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    this.#answerAndClose(socket, { status, error: 'http_request_error', message: malformed[status] ?? '' });
  }

  #answerAndClose(socket: Socket, trouble: Trouble): void {
    sayAndClose(socket, formatAnswer(ownAnswer(trouble, { requestId: undefined, attempts: [], accept: undefined })));
  }
}

/** How long a client's connection is kept for its next request. */
const keepAliveMs = 60_000;

/** How long a connection to an upstream is kept for the next request: shorter than servers commonly do. */
const keptMs = 4000;

const malformed: Readonly<Record<number, string>> = {
  400: 'the request is malformed',
  408: 'the head of the request did not come in time',
  431: 'the head of the request is too long',
};
