import type { Socket } from 'node:net';
import type { Place } from '../dial/index.ts';
import type { Client } from './credentials.ts';
import { sayAndClose, type Service, serve } from './serve.ts';
import type { GatewayServices } from './services.ts';
import {
  type Frame,
  longestFrameBytes,
  readCredentials,
  readGreeting,
  readRequest,
  socksReplies,
  writeReply,
} from './socks-frames.ts';
import { openTunnel } from './tunnel.ts';
import type { Trouble } from './trouble.ts';

const noAuthentication = 0;
const userAndPassword = 2;
const noneAcceptable = 255;

/** What a client is told, in answer to its greeting, that does not get in. */
export const refusedSocks: Buffer = Buffer.of(5, noneAcceptable);

/** Serves one connection of a SOCKS5 client: the handshake, then the tunnel. */
export async function serveSocks(services: GatewayServices, socket: Socket): Promise<void> {
  const { plan } = services;
  const timer = plan.world.setTimer(() => socket.destroy(), plan.headMs);
  const inbound = await shakeHands(services, socket).finally(() => timer.cancel());
  if (inbound !== undefined) await serve(services, socksService(services, socket, inbound));
}

interface SocksInbound {
  readonly client: Client;
  readonly target: Place;
}

async function shakeHands({ doorkeeper }: GatewayServices, socket: Socket): Promise<SocksInbound | undefined> {
  const methods = await receive(socket, readGreeting);
  if (methods === undefined) return undefined;
  // A user name also carries wishes, so it is asked for wherever the client has one.
  const wants = methods.includes(userAndPassword) ? userAndPassword : noAuthentication;
  if (!methods.includes(wants) || (wants === noAuthentication && doorkeeper.asksForCredentials)) {
    sayAndClose(socket, refusedSocks);
    return undefined;
  }
  socket.write(Buffer.of(5, wants));
  const given = wants === userAndPassword ? await receive(socket, readCredentials) : undefined;
  if (wants === userAndPassword && given === undefined) return undefined;
  const client = doorkeeper.admit(given);
  if (client === undefined) {
    sayAndClose(socket, Buffer.of(1, 1));
    return undefined;
  }
  if (wants === userAndPassword) socket.write(Buffer.of(1, 0));
  const target = await receive(socket, readRequest);
  return target === undefined ? undefined : { client, target };
}

function socksService(services: GatewayServices, socket: Socket, { client, target }: SocksInbound): Service {
  return {
    async run(open) {
      const exchange = open({ inbound: 'socks5', method: 'CONNECT', place: target, client });
      socket.once('close', () => exchange.abandon());
      await services.targets.check(target, true);
      const grant = (): void => void socket.write(writeReply(socksReplies.granted));
      await exchange.underLimits(() =>
        openTunnel(services, { socket, head: Buffer.alloc(0), target, exchange, grant }),
      );
    },
    refuse(trouble, exchange) {
      if (exchange?.isBeyondAnswer === true || !socket.writable) socket.destroy();
      else sayAndClose(socket, writeReply(replyFor(trouble)));
    },
  };
}

function replyFor({ status, error }: Trouble): number {
  if (status === 403) return socksReplies.notAllowed;
  if (error === 'connection_refused') return socksReplies.refused;
  if (error === 'dns_error' || error === 'destination_unavailable') return socksReplies.hostUnreachable;
  if (error === 'destination_ip_unroutable') return socksReplies.networkUnreachable;
  return status === 504 ? socksReplies.expired : socksReplies.failed;
}

/** Waits for one frame; `undefined` when the client breaks the rules, and is answered, or goes away. */
function receive<T>(socket: Socket, parse: (bytes: Buffer) => Frame<T>): Promise<T | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const end = (value: T | undefined): void => {
      socket.off('readable', onReadable).off('end', onGone).off('close', onGone);
      resolve(value);
    };
    const onGone = (): void => {
      socket.destroy();
      end(undefined);
    };
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const frame = parse(bytes);
      if (frame.kind === 'frame') {
        if (bytes.length > frame.length) socket.unshift(bytes.subarray(frame.length));
        end(frame.value);
      } else if (frame.kind === 'bad' || bytes.length > longestFrameBytes) {
        end(undefined);
        const reply = frame.kind === 'bad' ? frame.reply : undefined;
        if (reply === undefined) socket.destroy();
        else sayAndClose(socket, writeReply(reply));
      }
    };
    socket.on('readable', onReadable).on('end', onGone).on('close', onGone);
    // What has come before is not told again.
    if (socket.readableEnded || socket.destroyed) onGone();
    else onReadable();
  });
}
