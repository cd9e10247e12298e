import { Agent, buildConnector, Dispatcher } from 'undici';
import type { ProxyAddress } from '../address/index.ts';
import { basicCredentials, dialProxy, type DialOptions, dialThrough, type DialTls } from '../dial/index.ts';

/** How connections are made. */
export interface UpstreamOptions {
  readonly dial: DialOptions;
  readonly targetTls: DialTls | undefined;
}

/** Whether a proxy reads requests of this protocol itself, with the absolute URI of their target. Others are tunnelled. */
export function isForwarding({ protocol }: ProxyAddress, targetProtocol: string): boolean {
  return targetProtocol === 'http:' && (protocol === 'http' || protocol === 'https');
}

/**
 * Dispatches requests through one proxy, or straight to the target, over connections of our own making: undici's own
 * proxy support reconnects without end where a proxy hangs up, and says little about why something failed.
 */
export class Upstream extends Dispatcher {
  readonly address: ProxyAddress | undefined;
  readonly #tunnels: Agent;
  readonly #forwards: Agent | undefined;

  constructor(address: ProxyAddress | undefined, options: UpstreamOptions) {
    super();
    this.address = address;
    this.#tunnels = new Agent({ connect: tunnelConnector(address, options) });
    const forwards = address !== undefined && isForwarding(address, 'http:');
    this.#forwards = forwards ? new Agent({ connect: proxyConnector(address, options) }) : undefined;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = String(options.origin);
    if (this.address === undefined || this.#forwards === undefined || !origin.startsWith('http:')) {
      return this.#tunnels.dispatch(options, handler);
    }
    const credentials = basicCredentials(this.address);
    const headers = {
      ...(options.headers as Record<string, string>),
      host: new URL(origin).host,
      ...(credentials === undefined ? {} : { 'proxy-authorization': credentials }),
    };
    const path = `${origin}${options.path}`;
    return this.#forwards.dispatch({ ...options, origin: `http://${this.address.id}`, path, headers }, handler);
  }

  /** Ends when everything that runs has ended. */
  override async close(): Promise<void> {
    await Promise.all([this.#tunnels.close(), this.#forwards?.close()]);
  }

  /** Ends everything that runs. */
  override async destroy(): Promise<void> {
    await Promise.all([this.#tunnels.destroy(), this.#forwards?.destroy()]);
  }
}

function tunnelConnector(
  address: ProxyAddress | undefined,
  { dial, targetTls }: UpstreamOptions,
): buildConnector.connector {
  const { verify = true, ca } = targetTls ?? {};
  const secure = buildConnector({ rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca: [ca].flat() }) });
  return (options, deliver) => {
    const isTls = options.protocol === 'https:';
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = options.port === '' ? (isTls ? 443 : 80) : Number(options.port);
    dialThrough(address, { host, port }, dial).then(
      (httpSocket) => (isTls ? secure({ ...options, httpSocket }, deliver) : deliver(null, httpSocket)),
      (error: Error) => deliver(error, null),
    );
  };
}

function proxyConnector(address: ProxyAddress, { dial }: UpstreamOptions): buildConnector.connector {
  return (_options, deliver) => {
    dialProxy(address, dial).then(
      (socket) => deliver(null, socket),
      (error: Error) => deliver(error, null),
    );
  };
}
