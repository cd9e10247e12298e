import type { Server } from 'node:http';
import { checkDuration, checkKeys, checkNumber, systemWorld, type World } from 'mulligan';
import { type Api, createApi, createToken } from '../api/index.ts';
import { Gateway, isLoopbackHost } from '../gateway/index.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { closeServer, listenForApi } from './api-listener.ts';
import { cannotListen } from './cannot-listen.ts';
import type { ApiListenOptions, RunningServer, ServerOptions } from './options.ts';

/**
 * Starts a gateway together with its REST API and dashboard.
 *
 * @example
 * const server = await startServer({ rotator: { proxies: ['http://proxy1.example.com:8080'] } });
 * console.log(server.gateway, server.dashboard);
 * await server.close();
 *
 * @throws {InvalidOptionError} for options that cannot be
 * @throws {MulliganError} with the code `MULLIGAN_CANNOT_LISTEN`, when a port is in use, for instance
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  checkKeys('the server', options, ['rotator', 'gateway', 'api', 'demo', 'drain', 'world']);
  const { world = systemWorld, demo } = options;
  const drainMs = checkDuration('drain', options.drain ?? '1s');
  const plan = planListener(options.api ?? {});
  const rotator =
    options.rotator instanceof ProxyRotator ? options.rotator : new ProxyRotator({ world, ...options.rotator });
  const gateway = new Gateway({ world, ...options.gateway, rotator });
  const { host, token, allowedHosts } = plan;
  const addresses = { gateway: '', api: '' };
  const api = createApi({
    rotator,
    addresses: () => addresses,
    loopbackOnly: isLoopbackHost(host),
    allowedHosts,
    world,
    ...(token === undefined ? {} : { token }),
    ...(demo === undefined ? {} : { demo }),
  });
  const running: Running = { gateway, api, drainMs, world, rotator: rotator === options.rotator ? undefined : rotator };
  try {
    const { server, port } = await listenForApi(api, plan);
    running.server = server;
    gateway.protect({ host, port });
    addresses.api = `http://${urlHost(host)}:${port}`;
    await listenForClients(gateway, options.gateway);
    addresses.gateway = gateway.url;
  } catch (error) {
    await stop(running);
    throw error;
  }
  const dashboard = token === undefined ? `${addresses.api}/` : `${addresses.api}/#token=${token}`;
  return { ...addresses, token, dashboard, rotator, close: () => stop(running) };
}

interface ListenerPlan {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly allowedHosts: readonly string[];
}

function planListener(options: ApiListenOptions): ListenerPlan {
  checkKeys('api', options, ['host', 'port', 'token', 'auth', 'allowedHosts']);
  const { host = '127.0.0.1', auth = true, allowedHosts = [] } = options;
  return {
    host,
    port: checkNumber('api.port', options.port ?? 8000, { min: 0, max: 65_535, whole: true }),
    token: auth ? (options.token ?? createToken()) : undefined,
    allowedHosts: [...allowedHosts, host],
  };
}

async function listenForClients(gateway: Gateway, options: ServerOptions['gateway'] = {}): Promise<void> {
  const { host = '127.0.0.1', port = 8080 } = options;
  try {
    await gateway.listen();
  } catch (error) {
    throw cannotListen({ what: 'gateway', host, port }, error);
  }
}

interface Running {
  readonly gateway: Gateway;
  readonly api: Api;
  readonly drainMs: number;
  readonly world: World;
  /** Only one that was made here ends here. */
  readonly rotator: ProxyRotator | undefined;
  server?: Server;
}

async function stop({ gateway, api, server, rotator, drainMs, world }: Running): Promise<void> {
  api.close();
  await Promise.all([
    gateway.close({ within: drainMs }),
    server === undefined ? undefined : closeServer(server, drainMs, world),
  ]);
  await rotator?.close();
}

function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
