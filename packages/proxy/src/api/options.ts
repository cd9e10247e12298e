import type { World } from 'mulligan';
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
  readonly demo?: DemoInfo;
  /** Folder of the dashboard's files. @default the one that is built into this package */
  readonly dashboard?: URL;
  /** @default systemWorld */
  readonly world?: World;
}
