import type { Socket } from 'node:net';
import { dialThrough, type Place } from '../dial/index.ts';
import type { FailoverAttempt } from '../rotator/index.ts';
import type { Exchange } from './exchange.ts';
import { FirstFlight } from './first-flight.ts';
import { proveTunnel } from './prove.ts';
import { relay } from './relay.ts';
import { dialOptionsFor, type GatewayServices } from './services.ts';

/** A client that wants a tunnel, however it asked. */
export interface TunnelInbound {
  readonly socket: Socket;
  /** What came together with the request. */
  readonly head: Buffer;
  readonly target: Place;
  /** The `Via` of its request. */
  readonly via?: string | undefined;
  readonly exchange: Exchange;
  /** What the client has been answered once the tunnel stands. @default 200 */
  readonly status?: number;
  /** Tells the client that the tunnel stands. */
  grant(): void;
}

interface OpenTunnel {
  readonly upstream: Socket;
  /** What has come back through it. */
  readonly returned: Buffer;
  /** What it took to open the tunnel. */
  readonly writtenBytes: number;
  /** Lets go of the proxy. */
  readonly release: () => void;
}

/**
 * Opens a tunnel through one proxy after another, and carries it to its end. The client is told late, when a proxy
 * has connected, and even then the proxy can be changed until something has come back.
 */
export async function openTunnel(services: GatewayServices, inbound: TunnelInbound): Promise<void> {
  const { socket, head, exchange } = inbound;
  const flight = new FirstFlight(socket, head);
  let isGranted = false;
  const grant = (): void => {
    if (isGranted) return;
    isGranted = true;
    exchange.status = inbound.status ?? 200;
    inbound.grant();
  };
  // Whoever ends before the tunnel stands does not want it any more.
  socket.once('end', () => {
    if (!isGranted) exchange.abandon();
  });
  const tunnel = await exchange.failover(
    services,
    () => true,
    (attempt) => openOnce(services, inbound, attempt, { flight, grant }),
  );
  flight.stop();
  const writtenBytes = socket.bytesWritten;
  if (tunnel.returned.length > 0) socket.write(tunnel.returned);
  await relay(socket, tunnel.upstream, services.plan.idleMs);
  exchange.bytesUp = tunnel.upstream.bytesWritten - tunnel.writtenBytes;
  exchange.bytesDown = socket.bytesWritten - writtenBytes;
  tunnel.release();
}

async function openOnce(
  services: GatewayServices,
  { target, via }: TunnelInbound,
  attempt: FailoverAttempt,
  { flight, grant }: { flight: FirstFlight; grant: () => void },
): Promise<OpenTunnel> {
  const options = { ...dialOptionsFor(services, attempt, target, via), pooled: true };
  const upstream = await dialThrough(attempt.proxy?.address, target, options);
  grant();
  attempt.answered({ status: 200 });
  const release = attempt.hold();
  const { bytesWritten: writtenBytes } = upstream;
  const { world, responseMs, glanceMs } = services.plan;
  const { deadlineMs } = attempt.context;
  const blame = attempt.proxy === undefined ? 'target' : 'proxy';
  const terms = {
    world,
    onAbort: attempt.onAbort,
    responseMs,
    glanceMs,
    deadlineMs,
    isLast: attempt.isLast,
    blame,
  } as const;
  try {
    const returned = await proveTunnel({ upstream, flight, ...terms });
    return { upstream, returned, writtenBytes, release };
  } catch (error) {
    release();
    throw error;
  }
}
