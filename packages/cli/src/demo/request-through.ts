import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { connect } from 'node:tls';

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

function inAbsoluteForm(target: URL, { method, body }: TrafficRequest, { gateway, signal }: Route): Promise<number> {
  const { hostname: host, port } = new URL(gateway);
  const options = { host, port, headers: headersFor(target), agent: false, signal, timeout };
  return statusOf(request({ ...options, method, path: target.href }), body);
}

async function throughTunnel(target: URL, { method, body }: TrafficRequest, route: Route): Promise<number> {
  const { gateway, ca, signal } = route;
  const { hostname: host, port } = new URL(gateway);
  const options = { headers: headersFor(target), signal, timeout };
  const opening = request({ ...options, host, port, method: 'CONNECT', path: target.host, agent: false });
  const [answer, socket] = (await eventOf(opening.end(), 'connect')) as [IncomingMessage, Duplex];
  try {
    if (answer.statusCode !== 200) return answer.statusCode ?? 0;
    const secure = connect({ socket, ca, host: target.hostname });
    await eventOf(secure, 'secureConnect', signal);
    const sent = request({ ...options, method, path: target.pathname, createConnection: () => secure });
    return await statusOf(sent, body);
  } finally {
    socket.destroy();
  }
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
