import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { connect } from 'node:tls';
import type { GatewayUser } from '@mulligan/proxy';

/** A request of the demonstration's own traffic. */
export interface TrafficRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
}

/** What it takes to send one. */
export interface Route {
  /** Address of the gateway. */
  readonly gateway: string;
  /** Who asks, where the gateway wants to know. */
  readonly user?: GatewayUser | undefined;
  /** The authority to trust for `https` targets, as PEM. */
  readonly ca: string;
  readonly signal: AbortSignal;
}

/** A silence of this length, in milliseconds, ends a request. */
const timeout = 30_000;

/** Sends a request through the gateway as any client would, reads the answer to its end and tells its status. */
export async function requestThrough(wanted: TrafficRequest, route: Route): Promise<number> {
  const target = new URL(wanted.url);
  return target.protocol === 'https:' ? throughTunnel(target, wanted, route) : inAbsoluteForm(target, wanted, route);
}

function inAbsoluteForm(target: URL, { method, body }: TrafficRequest, route: Route): Promise<number> {
  return statusOf(request(route.gateway, { ...toGateway(target, route), method, path: target.href }), body);
}

async function throughTunnel(target: URL, { method, body }: TrafficRequest, route: Route): Promise<number> {
  const { gateway, ca, signal } = route;
  const opening = request(gateway, { ...toGateway(target, route), method: 'CONNECT', path: target.host });
  const [answer, socket] = (await eventOf(opening.end(), 'connect')) as [IncomingMessage, Duplex];
  try {
    if (answer.statusCode !== 200) return answer.statusCode ?? 0;
    const secure = connect({ socket, ca, host: target.hostname });
    await eventOf(secure, 'secureConnect', signal);
    const options = { method, path: target.pathname, headers: headersFor(target), signal, timeout };
    return await statusOf(request({ ...options, createConnection: () => secure }), body);
  } finally {
    socket.destroy();
  }
}

function toGateway(target: URL, { user, signal }: Route): RequestOptions {
  const credentials = user && Buffer.from(`${user.username}:${user.password}`).toString('base64');
  const own = credentials === undefined ? {} : { 'proxy-authorization': `Basic ${credentials}` };
  return { headers: { ...headersFor(target), ...own }, agent: false, signal, timeout };
}

function headersFor(target: URL): Record<string, string> {
  return { host: target.host, 'user-agent': 'mulligan-demonstration' };
}

async function statusOf(sent: ClientRequest, body: string | undefined): Promise<number> {
  const [answer] = (await eventOf(sent.end(body), 'response')) as [IncomingMessage];
  await finished(answer.resume());
  return answer.statusCode ?? 0;
}

/** Like `once`, but what fails after the event is still listened to, and kills nobody. */
function eventOf(source: ClientRequest | Duplex, event: string, signal?: AbortSignal): Promise<unknown[]> {
  source.on('error', () => {}).on('timeout', () => source.destroy(new Error('nothing was heard for too long')));
  return once(source, event, { signal });
}
