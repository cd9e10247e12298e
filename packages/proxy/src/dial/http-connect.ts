import type { Socket } from 'node:net';
import { systemWorld } from 'mulligan';
import type { ProxyAddress } from '../address/index.ts';
import { failureOfAnswer } from './connect-answer.ts';
import type { DialOptions, Place } from './options.ts';
import { readHead } from './reading.ts';

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6). Afterwards the socket is the tunnel.
 * @throws {AttemptFailure} for any answer but 2xx; nothing of it is handed on
 */
export async function requestTunnel(
  socket: Socket,
  address: ProxyAddress,
  target: Place,
  options: DialOptions,
): Promise<void> {
  const authority = formatPlace(target);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  const credentials = basicCredentials(address);
  if (credentials !== undefined) lines.push(`Proxy-Authorization: ${credentials}`);
  for (const [name, value] of options.headers ?? []) lines.push(`${name}: ${value}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const head = await readHead(socket, options);
  if (head.status >= 200 && head.status < 300) return;
  socket.destroy();
  throw failureOfAnswer(head, (options.world ?? systemWorld).wallNow());
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatPlace({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The value of `Proxy-Authorization` for a proxy that has credentials. */
export function basicCredentials({ username, password = '' }: ProxyAddress): string | undefined {
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
