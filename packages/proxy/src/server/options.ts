import type { Duration, World } from 'mulligan';
import type { ApiOptions, DemoInfo } from '../api/index.ts';
import type { GatewayOptions } from '../gateway/index.ts';
import type { HealthOptions } from '../health/index.ts';
import type { ProxyRotator, RotatorOptions } from '../rotator/index.ts';

/** Where the REST API and the dashboard listen, and who may use them. */
export interface ApiListenOptions extends Pick<ApiOptions, 'allowedHosts' | 'dashboard' | 'onWrite'> {
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes any free port. @default 8000 */
  readonly port?: number;
  /**
   * What writes must send as `X-API-Key` (or `Authorization: Bearer`); everything must, once the host is not a
   * loopback address. @default a random one, in {@link RunningServer.token}
   */
  readonly token?: string;
  /** `false` lets everyone write who reaches the port; only on a loopback host. @default true */
  readonly auth?: boolean;
}

/** What {@link startServer} puts together. */
export interface ServerOptions {
  /** A rotator of the caller's own, which stays open after `close()`; or the settings of one that ends with it. */
  readonly rotator: ProxyRotator | RotatorOptions;
  /** The gateway's options; its host is `'127.0.0.1'` and its port 8080 by default. 0 takes any free port. */
  readonly gateway?: Omit<GatewayOptions, 'rotator'>;
  readonly api?: ApiListenOptions;
  /** Checks proxies that no request uses, and dead ones until they work. Without it, only requests show how they do. */
  readonly health?: HealthOptions;
  /** The embedded demonstration, where one runs; the API shows it in `/status`. */
  readonly demo?: DemoInfo;
  /** How long `close()` waits for running requests before it ends them. @default '1s' */
  readonly drain?: Duration;
  readonly world?: World;
}

/** A gateway and its API, running. */
export interface RunningServer {
  /** The gateway's address, such as `http://127.0.0.1:8080`. */
  readonly gateway: string;
  /** The address of the REST API and the dashboard, such as `http://127.0.0.1:8000`. */
  readonly api: string;
  /** What writes must send; `undefined` with `auth: false`. */
  readonly token: string | undefined;
  /** The dashboard's address for a person: with the token in its fragment, which is never sent to a server. */
  readonly dashboard: string;
  /** The rotator that both use. */
  readonly rotator: ProxyRotator;
  /** Stops listening, lets running requests end within {@link ServerOptions.drain}, then ends the rest. */
  close(): Promise<void>;
}
