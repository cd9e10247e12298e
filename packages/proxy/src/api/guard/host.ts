import { isIP } from 'node:net';

/** Which names a request may call this server by. */
export interface HostRules {
  /** `name` allows every port, `name:port` only that one. */
  readonly allowedHosts: readonly string[];
  /** The port that is listened on: the only one at which the loopback names are known. */
  readonly port: number;
  /** Whether any address in digits will do, as on a host that is reached from other machines. */
  readonly anyAddress: boolean;
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the `Host` of a request is one of ours. A page that resolves its own name to this machine (DNS rebinding)
 * comes with that name; an address in digits cannot be rebound.
 */
export function isHostAllowed(host: string | undefined, { allowedHosts, port, anyAddress }: HostRules): boolean {
  const url = hostUrl(host);
  if (url === undefined) return false;
  const name = url.hostname;
  if (allowedHosts.some((allowed) => isSameHost(allowed, url))) return true;
  if (loopbackNames.has(name)) return portOf(url) === port;
  return anyAddress && isIP(name.replaceAll(/[[\]]/gu, '')) !== 0;
}

function isSameHost(allowed: string, url: URL): boolean {
  const wanted = hostUrl(allowed);
  if (wanted === undefined || wanted.hostname !== url.hostname) return false;
  return !/:\d+$/u.test(allowed) || portOf(wanted) === portOf(url);
}

/** A `Host` header as a URL, or nothing where it is not a plain host and port. */
export function hostUrl(host: string | undefined): URL | undefined {
  if (host === undefined || !/^[^\s/\\?#@]+$/u.test(host)) return undefined;
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function portOf(url: URL): number {
  return url.port === '' ? 80 : Number(url.port);
}
