import { lookup as dnsLookup } from 'node:dns';
import { isIPv4, isIPv6, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { systemWorld } from 'mulligan';
import type { ProxyAddress } from '../address/index.ts';
import { AttemptFailure, type Fault } from '../failure/index.ts';
import { type DialOptions, limitOf, type Place } from './options.ts';
import { brokenProtocol, readBytes } from './reading.ts';
import { runStep } from './step.ts';

/**
 * Asks a SOCKS proxy for a connection (RFC 1928, RFC 1929, SOCKS4 and 4a). Afterwards the socket is the tunnel.
 * `socks4` and `socks5` look the target's name up here; `socks4a` and `socks5h` leave that to the proxy.
 * @throws {AttemptFailure} with the fault that the proxy's reply code stands for
 */
export async function requestSocks(
  socket: Socket,
  address: ProxyAddress,
  target: Place,
  options: DialOptions,
): Promise<void> {
  // One limit for the whole exchange, however many answers it takes.
  const { world = systemWorld } = options;
  const bounded = { ...options, deadlineMs: world.now() + limitOf('headMs', options) };
  try {
    if (address.protocol === 'socks4' || address.protocol === 'socks4a')
      await speakSocks4(socket, address, target, bounded);
    else await speakSocks5(socket, address, target, bounded);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function speakSocks4(socket: Socket, address: ProxyAddress, target: Place, options: DialOptions): Promise<void> {
  const user = Buffer.from(address.username ?? '');
  const isNamed = address.protocol === 'socks4a' && !isIPv4(target.host);
  // 0.0.0.1 says that a name follows.
  const host = isNamed ? '0.0.0.1' : await resolve(socket, target.host, 4, options);
  const name = isNamed ? Buffer.from(`${target.host}\0`, 'latin1') : Buffer.alloc(0);
  socket.write(Buffer.concat([Buffer.of(4, 1), portBytes(target), addressBytes(host), user, Buffer.of(0), name]));
  const [version, code = 0] = await readBytes(socket, 8, options);
  if (version !== 0 && version !== 4) throw brokenProtocol('the answer is not SOCKS4');
  if (code !== 90) throw refusal(socks4Replies[code] ?? unknownReply, `SOCKS4 code ${code}`);
}

async function speakSocks5(socket: Socket, address: ProxyAddress, target: Place, options: DialOptions): Promise<void> {
  const host = address.protocol === 'socks5' ? await resolve(socket, target.host, 0, options) : target.host;
  socket.write(address.hasCredentials ? Buffer.of(5, 2, 0, 2) : Buffer.of(5, 1, 0));
  const [version, method] = await readBytes(socket, 2, options);
  if (version !== 5) throw brokenProtocol('the answer is not SOCKS5');
  if (method === 2 && address.hasCredentials) await authenticate(socket, address, options);
  else if (method !== 0)
    throw refusal(['proxy', 'the proxy wants other credentials'], `method ${method}`, unauthorized);
  socket.write(Buffer.concat([Buffer.of(5, 1, 0), destinationBytes(host), portBytes(target)]));
  const [again, code = 0, , kind] = await readBytes(socket, 4, options);
  if (again !== 5) throw brokenProtocol('the answer is not SOCKS5');
  if (code !== 0) throw refusal(socks5Replies[code] ?? unknownReply, `SOCKS5 code ${code}`);
  await skipBoundAddress(socket, kind, options);
}

/** RFC 1929. */
async function authenticate(
  socket: Socket,
  { username = '', password = '' }: ProxyAddress,
  options: DialOptions,
): Promise<void> {
  const [user, secret] = [Buffer.from(username), Buffer.from(password)];
  if (user.length > 255 || secret.length > 255) throw brokenProtocol('credentials for SOCKS5 end at 255 bytes');
  socket.write(Buffer.concat([Buffer.of(1, user.length), user, Buffer.of(secret.length), secret]));
  const [, status] = await readBytes(socket, 2, options);
  if (status !== 0) throw refusal(['proxy', 'the proxy refused the credentials'], `status ${status}`, unauthorized);
}

/** Where the proxy says it connected from: of no use, but its length must be known to find the tunnel's first byte. */
async function skipBoundAddress(socket: Socket, kind: number | undefined, options: DialOptions): Promise<void> {
  if (kind === 1) await readBytes(socket, 4 + 2, options);
  else if (kind === 4) await readBytes(socket, 16 + 2, options);
  else if (kind === 3) await readBytes(socket, ((await readBytes(socket, 1, options))[0] ?? 0) + 2, options);
  else throw brokenProtocol('the answer is not SOCKS5');
}

function portBytes({ port }: Place): Buffer {
  return Buffer.of(port >> 8, port & 255);
}

function addressBytes(ip: string): Buffer {
  return Buffer.from(ipaddr.parse(ip).toByteArray());
}

function destinationBytes(host: string): Buffer {
  if (isIPv4(host)) return Buffer.concat([Buffer.of(1), addressBytes(host)]);
  if (isIPv6(host)) return Buffer.concat([Buffer.of(4), addressBytes(host)]);
  const name = Buffer.from(host, 'latin1');
  if (name.length > 255) throw refusal(['client', 'a name for SOCKS5 ends at 255 bytes'], host.slice(0, 20));
  return Buffer.concat([Buffer.of(3, name.length), name]);
}

function resolve(socket: Socket, host: string, family: 0 | 4, options: DialOptions): Promise<string> {
  if (isIPv4(host) || (family === 0 && isIPv6(host))) return Promise.resolve(host);
  const { lookupTarget = dnsLookup } = options;
  return runStep(socket, { phase: 'handshake', timer: 'headMs', blame: 'target' }, options, (done, fail) => {
    lookupTarget(host, { family }, (error, address) => (error === null ? done(String(address)) : fail(error)));
    return () => {};
  });
}

type Reply = readonly [fault: Fault, message: string, isAmbiguous?: boolean];

const unknownReply: Reply = ['proxy', 'the proxy gave a reply that is not known'];

const socks5Replies: Readonly<Record<number, Reply>> = {
  1: ['proxy', 'the proxy failed', true],
  2: ['proxy', 'the proxy does not allow this target'],
  3: ['proxy', 'the proxy cannot reach the network', true],
  4: ['target', 'the proxy cannot reach the target'],
  5: ['target', 'the target refused the connection'],
  6: ['target', 'the target did not answer the proxy in time'],
  7: ['proxy', 'the proxy does not know CONNECT'],
  8: ['proxy', 'the proxy does not know this kind of address'],
};

const socks4Replies: Readonly<Record<number, Reply>> = {
  91: ['proxy', 'the proxy rejected the request or failed', true],
  92: ['proxy', 'the proxy could not reach identd'],
  93: ['proxy', 'the proxy does not believe the user name'],
};

/** What an HTTP proxy says where SOCKS has no number. */
const unauthorized = 407;

function refusal([fault, message, isAmbiguous = false]: Reply, detail: string, status?: number): AttemptFailure {
  const details = { fault, mayFailOver: true, phase: 'handshake', status, isAmbiguous } as const;
  return new AttemptFailure(`${message} (${detail})`, details);
}
