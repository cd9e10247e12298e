import type { Server } from 'node:http';
import { systemWorld, type World } from 'mulligan';
import { type Api, createApi } from '../api/index.ts';
import { Gateway } from '../gateway/index.ts';
import { HealthMonitor } from '../health/index.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { closeServer, listenForApi } from './api-listener.ts';
import { cannotListen } from './cannot-listen.ts';
import type { RunningServer, ServerOptions } from './options.ts';
import { planServer } from './plan.ts';

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
  const { drainMs, host, port, access } = planServer(options);
  const { world = systemWorld, demo, rotator: given } = options;
  const rotator = given instanceof ProxyRotator ? given : new ProxyRotator({ world, ...given });
  const addresses = { gateway: '', api: '' };
  const gateway = new Gateway({ world, ...options.gateway, rotator });
  const monitor = options.health === undefined ? undefined : new HealthMonitor(rotator, options.health);
  const shown = {
    rotator,
    world,
    addresses: () => addresses,
    ...(monitor === undefined ? {} : { health: monitor.settings }),
    ...(demo === undefined ? {} : { demo }),
  };
  const api = createApi({ ...shown, ...access });
  const running: Running = { gateway, api, monitor, drainMs, world, rotator: rotator === given ? undefined : rotator };
  try {
    running.server = await listenForApi(api, { host, port });
    const ownPort = portOf(running.server);
    gateway.protect({ host, port: ownPort });
    addresses.api = `http://${host.includes(':') ? `[${host}]` : host}:${ownPort}`;
    await listenForClients(gateway, options.gateway);
    addresses.gateway = gateway.url;
  } catch (error) {
    await stop(running);
    throw error;
  }
  const { token } = access;
  const dashboard = token === undefined ? `${addresses.api}/` : `${addresses.api}/#token=${token}`;
  return { ...addresses, token, dashboard, rotator, close: () => stop(running) };
}

async function listenForClients(gateway: Gateway, options: ServerOptions['gateway'] = {}): Promise<void> {
  const { host = '127.0.0.1', port = 8080 } = options;
  try {
    await gateway.listen();
  } catch (error) {
    throw cannotListen({ what: 'gateway', host, port }, error);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Running {
  readonly gateway: Gateway;
  readonly api: Api;
  readonly monitor: HealthMonitor | undefined;
  readonly drainMs: number;
  readonly world: World;
  /** Only one that was made here ends here. */
  readonly rotator: ProxyRotator | undefined;
  server?: Server;
}

async function stop({ gateway, api, monitor, server, rotator, drainMs, world }: Running): Promise<void> {
  api.close();
  monitor?.close();
  const apiClosed = server === undefined ? undefined : closeServer(server, drainMs, world);
  await Promise.all([gateway.close({ within: drainMs }), apiClosed]);
  await rotator?.close();
}
