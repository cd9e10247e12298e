import type { Socket } from 'node:net';
import type { ProxyAddress } from '../address/index.ts';
import { requestTunnel } from './http-connect.ts';
import type { DialOptions, Place } from './options.ts';
import { requestSocks } from './socks.ts';
import { dialTcp, dialTls } from './tcp.ts';

/** Connects to a proxy itself: TCP, and TLS where its protocol is `https`. */
export async function dialProxy(address: ProxyAddress, options: DialOptions = {}): Promise<Socket> {
  if (address.protocol !== 'https') return dialTcp(address, 'proxy', options);
  return dialTls(await dialTcp(address, 'proxy', { ...options, pooled: false }), address.host, options);
}

/**
 * Connects to a target: through a proxy, or by itself where there is none. The socket that comes is the connection
 * to the target, not yet flowing; everything that was opened on the way is destroyed when a step fails.
 * @throws {AttemptFailure} saying how far it came, and whose fault it is; the signal's reason when that aborts
 */
export async function dialThrough(
  address: ProxyAddress | undefined,
  target: Place,
  options: DialOptions = {},
): Promise<Socket> {
  if (address === undefined) return dialTcp(target, 'target', options);
  const socket = await dialProxy(address, options);
  const isHttp = address.protocol === 'http' || address.protocol === 'https';
  await (isHttp ? requestTunnel(socket, address, target, options) : requestSocks(socket, address, target, options));
  return socket;
}
