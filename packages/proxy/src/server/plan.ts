import { checkDuration, checkKeys, checkNumber } from 'mulligan';
import { type ApiOptions, createToken } from '../api/index.ts';
import { isLoopbackHost } from '../gateway/index.ts';
import type { ApiListenOptions, ServerOptions } from './options.ts';

/** The options of a server, checked, in one fixed shape. */
export interface ServerPlan {
  readonly drainMs: number;
  /** Where the API listens. */
  readonly host: string;
  readonly port: number;
  /** What the API is told. */
  readonly access: Pick<ApiOptions, 'allowedHosts' | 'dashboard' | 'loopbackOnly' | 'onWrite' | 'token'>;
}

/** Checks the options once. @throws {InvalidOptionError} in a sentence */
export function planServer(options: ServerOptions): ServerPlan {
  checkKeys('the server', options, ['rotator', 'gateway', 'api', 'health', 'demo', 'drain', 'world']);
  const { api = {}, drain = '1s' } = options;
  checkKeys('api', api, ['host', 'port', 'token', 'auth', 'allowedHosts', 'dashboard', 'onWrite']);
  const { host = '127.0.0.1', port = 8000 } = api;
  return {
    drainMs: checkDuration('drain', drain),
    host,
    port: checkNumber('api.port', port, { min: 0, max: 65_535, whole: true }),
    access: planAccess(host, api),
  };
}

function planAccess(host: string, options: ApiListenOptions): ServerPlan['access'] {
  const { auth = true, token = createToken(), allowedHosts = [], dashboard, onWrite } = options;
  const loopbackOnly = isLoopbackHost(host);
  return {
    loopbackOnly,
    // The names of loopback are known to the API, and only with their port.
    allowedHosts: loopbackOnly ? allowedHosts : [...allowedHosts, host],
    ...(auth ? { token } : {}),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(onWrite === undefined ? {} : { onWrite }),
  };
}
