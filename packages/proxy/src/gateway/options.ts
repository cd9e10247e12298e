import type { LookupFunction } from 'node:net';
import type { Duration, World } from 'mulligan';
import type { DialTls } from '../dial/index.ts';
import type { ProxyRotator, WaitBetweenProxies } from '../rotator/index.ts';
import type { GatewayUser } from './user.ts';

/** How much the gateway takes on. Every one has a default. */
export interface GatewayLimits {
  /** Client connections at the same time; further ones wait in the queue. @default 10_000 */
  readonly connections?: number;
  /**
   * How many connections may wait for one to end; the next are answered 503 at once. As many requests of a user may
   * wait where {@link GatewayUser.maxConcurrent} or `ratePerSecond` are reached. @default 100
   */
  readonly queue?: number;
  /** How long something waits in the queue before it is answered 503, or 429 for a user's rate. @default '1s' */
  readonly queueTime?: Duration;
  /** The head of a request, in bytes. @default 16_384 */
  readonly headerBytes?: number;
  /** How long a client may take for the head of a request, or for a SOCKS handshake. @default '10s' */
  readonly headTime?: Duration;
  /** A connection on which nothing moves for so long is closed. @default '5m' */
  readonly idle?: Duration;
  /** Up to so many bytes of a request's body are kept, so that the request can be sent again. @default 65_536 */
  readonly bodyBytes?: number;
  /** All kept bodies together; above that bodies stream, and are sent once. @default 33_554_432 (32 MiB) */
  readonly bodyMemoryBytes?: number;
}

/** How long the steps of an attempt may take. The policy's `timeout` bounds the whole. */
export interface GatewayTimers {
  /** Until a TCP connection stands. @default '3s' */
  readonly connect?: Duration;
  /** Until TLS to an `https:` proxy stands. @default '3s' */
  readonly tls?: Duration;
  /** Until a proxy has answered CONNECT, or its SOCKS handshake is over. @default '5s' */
  readonly head?: Duration;
  /**
   * Until the response of a plain request begins, or the first bytes of a tunnel come back. It only ends attempts
   * that another may follow: what cannot be sent again, and the last attempt, wait for the policy's `timeout`.
   * @default '5s'
   */
  readonly response?: Duration;
  /**
   * When a target speaks before its client, its words are kept back for so long: a client of TLS has begun by then, and
   * they were the proxy's. @default '100ms'
   */
  readonly glance?: Duration;
}

/** Options of {@link Gateway}. */
export interface GatewayOptions {
  /** Chooses the proxies, and decides about retries. */
  readonly rotator: ProxyRotator;
  /** Where to listen. An address that others can reach needs `auth`. @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes any free port. @default 8080 */
  readonly port?: number;
  /** Who may use the gateway. Without it everybody may who reaches the port, which must then be on loopback. */
  readonly auth?: readonly GatewayUser[];
  /** Makes the listener a TLS listener: clients use `https://` as the proxy's scheme. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /**
   * The ports that CONNECT and SOCKS5 may go to. @default `'any'` (but 25) on loopback, else `[80, 443, 8443]`
   */
  readonly connectPorts?: 'any' | readonly number[];
  /**
   * Whether private, link-local, metadata and other special addresses may be targets. This process's own listeners
   * never are. @default true on loopback, else false
   */
  readonly allowPrivateTargets?: boolean;
  /** Whether forwarded messages get a `Via` field, by which loops are found. @default true */
  readonly via?: boolean;
  /**
   * Whether a request that is tried through another proxy waits before. It need not: the wait of the policy is for
   * those who come back. `'policy'` waits all the same.
   * @default 'none'
   */
  readonly waitBetweenProxies?: WaitBetweenProxies;
  readonly limits?: GatewayLimits;
  readonly timers?: GatewayTimers;
  /** How TLS to `https:` proxies is checked. */
  readonly proxyTls?: DialTls;
  /** Looks up names of targets and proxies. @default dns.lookup */
  readonly lookup?: LookupFunction;
  /** @default systemWorld */
  readonly world?: World;
}
