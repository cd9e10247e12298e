import { sleep, systemWorld, type World } from 'mulligan';
import { RequestError, Server } from 'proxy-chain';
import { loopback } from './listening.ts';

/** A time that is drawn by lot, in milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is wrong with an upstream proxy of the demonstration. */
export type Fault =
  | { readonly kind: 'none' }
  /** Every request waits before it is passed on. */
  | ({ readonly kind: 'slow' } & TimeRange)
  /** This share of requests, from 0 to 1, finds its connection closed or reset. */
  | { readonly kind: 'drops'; readonly share: number }
  /** Every request is answered with this status. */
  | { readonly kind: 'answers'; readonly status: number }
  /** The process ends after this time: new connections are refused at once, and what runs is given a moment. */
  | ({ readonly kind: 'dies' } & TimeRange);

/** Starts an HTTP proxy that passes requests on, but for its fault. */
export async function startUpstream(fault: Fault, port: number, world: World = systemWorld): Promise<Server> {
  const server = new Server({
    host: loopback,
    port,
    async prepareRequestFunction({ request }) {
      if (fault.kind === 'slow') await sleep(world, between(fault, world));
      if (fault.kind === 'answers') throw new RequestError('This proxy is overloaded', fault.status);
      if (fault.kind === 'drops' && world.random() < fault.share) {
        if (world.random() < 0.5) request.socket.destroy();
        else request.socket.resetAndDestroy();
        throw new RequestError('This proxy has dropped the connection', 500);
      }
      return {};
    },
  });
  await server.listen();
  return server;
}

/** A time from the range. */
export function between({ fromMs, toMs }: TimeRange, world: World): number {
  return fromMs + (toMs - fromMs) * world.random();
}
