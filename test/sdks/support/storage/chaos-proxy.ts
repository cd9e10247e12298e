import { connect, createServer, type Socket } from 'node:net';
import { seededRandom } from 'mulligan/testing';
import { listening } from '../../../support/listening.ts';

/** A proxy of connections that breaks them. */
export interface ChaosProxy {
  readonly port: number;
  /** How many connections it has broken. */
  readonly broken: number;
  readonly close: () => Promise<void>;
}

/** What becomes of a connection. */
interface Fate {
  /** After how many bytes it breaks, in each direction. */
  readonly upBytes: number;
  readonly downBytes: number;
  /** After how many requests it breaks, at the beginning of the next one. */
  readonly requests: number;
  /** Ends politely, as if all had been said, instead of with a reset. */
  readonly isPolite: boolean;
  readonly delayMs: number;
}

/** Draws fates: half of the connections break early, the others after a few requests. A tenth is slow. */
function drawFate(random: () => number): Fate {
  const bytes = (): number => Math.floor(50 * 10 ** (random() * 3.8));
  const isDoomed = random() < 0.5;
  const isUp = random() < 0.5;
  return {
    upBytes: isDoomed && isUp ? bytes() : Number.POSITIVE_INFINITY,
    downBytes: isDoomed && !isUp ? bytes() : Number.POSITIVE_INFINITY,
    requests: 1 + Math.floor(random() * 6),
    isPolite: random() < 0.5,
    delayMs: random() < 0.1 ? 3 : 0,
  };
}

/** Starts a proxy before a server: it drops, delays and truncates, always in the same way for the same seed. */
export async function startChaosProxy(target: number, seed: number): Promise<ChaosProxy> {
  const random = seededRandom(seed);
  let broken = 0;
  const server = createServer((client) => {
    relay(client, connect(target, '127.0.0.1'), drawFate(random), () => broken++);
  });
  const listener = await listening(server);
  return {
    port: listener.port,
    get broken() {
      return broken;
    },
    close: () => listener.close(),
  };
}

function relay(client: Socket, server: Socket, fate: Fate, onBroken: () => void): void {
  let requests = 0;
  let hasAnswered = true;
  let isOver = false;
  const end = (isBroken: boolean): void => {
    if (isOver) return;
    isOver = true;
    if (isBroken) onBroken();
    server.destroy();
    if (isBroken && !fate.isPolite) client.resetAndDestroy();
    else client.end(() => client.destroy());
  };
  for (const socket of [client, server]) {
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  }
  const { delayMs, upBytes, downBytes } = fate;
  const isUpAllowed = (): boolean => {
    requests += hasAnswered ? 1 : 0;
    hasAnswered = false;
    return requests <= fate.requests;
  };
  const isDownAllowed = (): boolean => {
    hasAnswered = true;
    return true;
  };
  forward({ from: client, to: server, leftBytes: upBytes, delayMs, end, mayPass: isUpAllowed });
  forward({ from: server, to: client, leftBytes: downBytes, delayMs, end, mayPass: isDownAllowed });
}

interface Way {
  readonly from: Socket;
  readonly to: Socket;
  /** After how many bytes it breaks. */
  readonly leftBytes: number;
  readonly delayMs: number;
  readonly end: (isBroken: boolean) => void;
  readonly mayPass: () => boolean;
}

function forward({ from, to, leftBytes, delayMs, end, mayPass }: Way): void {
  let left = leftBytes;
  from.on('data', (chunk: Buffer) => {
    if (!mayPass()) return end(true);
    const part = chunk.subarray(0, Math.min(chunk.length, left));
    left -= part.length;
    const isBroken = left <= 0;
    const pass = (): void => {
      if (!to.writable) return;
      if (isBroken) to.write(part, () => end(true));
      else if (!to.write(part) && !from.isPaused()) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    };
    if (delayMs === 0) pass();
    else setTimeout(pass, delayMs);
  });
}
