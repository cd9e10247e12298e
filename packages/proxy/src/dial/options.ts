import type { LookupFunction } from 'node:net';
import { systemWorld, type World } from 'mulligan';

/** A host and a port. The host is a name or an IP address; IPv6 without its brackets. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** How long each step of a dial may take, in milliseconds. `signal` and `deadlineMs` bound the whole. */
export interface DialTimers {
  /** Until the TCP connection stands, the look-up of its name included. @default 3000 */
  readonly connectMs: number;
  /** Until TLS to the proxy stands. @default 3000 */
  readonly tlsMs: number;
  /** Until the proxy's answer is complete: a head that drips does not buy time. @default 5000 */
  readonly headMs: number;
}

/** See {@link DialTimers}. */
export const dialTimers: DialTimers = Object.freeze({ connectMs: 3000, tlsMs: 3000, headMs: 5000 });

/** How TLS to an `https:` proxy is checked. */
export interface DialTls {
  /** Whether the proxy's certificate must be valid for its host. @default true */
  readonly verify?: boolean;
  /** Certificates (PEM) to trust instead of the platform's. */
  readonly ca?: string | readonly string[];
}

/** Options of every dial. */
export interface DialOptions {
  /** Ends the dial at once: its socket is destroyed and it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** In place of `signal`, for those who have none: calls the listener at an abort, and returns how to stop listening. */
  readonly onAbort?: (listener: (reason: unknown) => void) => () => void;
  /** When the dial must have ended, on the world's monotonic clock. */
  readonly deadlineMs?: number;
  readonly timers?: Partial<DialTimers>;
  readonly tls?: DialTls;
  /** Header lines for a CONNECT request, such as `Via`. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Looks up the proxy's name. @default dns.lookup */
  readonly lookupProxy?: LookupFunction;
  /** Looks up the target's name where that is done here: direct, socks4 and socks5. @default dns.lookup */
  readonly lookupTarget?: LookupFunction;
  readonly world?: World;
  /** Whether the socket's reads are made for `pipePooled`. Not over TLS. @default false */
  readonly pooled?: boolean;
}

/** Milliseconds for one step: its own limit, or what the deadline leaves. */
export function limitOf(step: keyof DialTimers, { timers, deadlineMs, world = systemWorld }: DialOptions): number {
  const ownMs = timers?.[step] ?? dialTimers[step];
  return deadlineMs === undefined ? ownMs : Math.max(0, Math.min(ownMs, deadlineMs - world.now()));
}
