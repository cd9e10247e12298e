import type { World } from 'mulligan';
import type { HealthSettings } from '../health/index.ts';
import type { ProxyRotator } from '../rotator/index.ts';

/** The embedded demonstration's own servers, as `/status` shows them. */
export interface DemoInfo {
  /** Address of its plain origin. */
  readonly http: string;
  /** Address of its origin with TLS. */
  readonly https: string;
  /** Path of the certificate to trust for {@link DemoInfo.https}. */
  readonly ca: string;
}

/** Where the servers listen, as clients reach them. */
export interface ServerAddresses {
  readonly gateway: string;
  readonly api: string;
}

/** Who wrote what by way of the API, or sent a wrong token. No value that was sent is in it. */
export interface AuditEntry {
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Where the request came from; `undefined` where the server does not say it. */
  readonly address: string | undefined;
  readonly method: string;
  /** As it was sent, still encoded. */
  readonly path: string;
  /** What was answered: below 400 the write was done, 401 is a wrong token. */
  readonly status: number;
  /** The names of the fields that were written. */
  readonly fields: readonly string[];
}

/** What the REST API shows and who may use it. */
export interface ApiOptions {
  readonly rotator: ProxyRotator;
  /** Asked for at each request: ports are known only once the servers listen. */
  readonly addresses: () => ServerAddresses;
  /** Whether only this machine can reach the API. Elsewhere reads need the token too. @default true */
  readonly loopbackOnly?: boolean;
  /** What a client must send as `X-API-Key`; without one everyone may write, which only a loopback listener may do. */
  readonly token?: string;
  /** Further names by which clients reach this server, such as `gateway.internal` or `gateway.internal:8443`. */
  readonly allowedHosts?: readonly string[];
  /** How proxies are checked that nobody uses, where they are. */
  readonly health?: HealthSettings;
  /** Hears of every write, and of wrong tokens. */
  readonly onWrite?: (entry: AuditEntry) => void;
  readonly demo?: DemoInfo;
  /** Folder of the dashboard's files. @default the one that is built into this package */
  readonly dashboard?: URL;
  /** @default systemWorld */
  readonly world?: World;
}
