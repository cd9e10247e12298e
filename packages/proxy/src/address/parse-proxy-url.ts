import { InvalidOptionError, show } from 'mulligan';
import { defaultPorts, ProxyAddress, type ProxyProtocol, proxyProtocols } from './proxy-address.ts';
import { redact } from './redact.ts';

const scheme = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is;
const columns = /^([^\s:@[\]]+):(\d+):([^:]+):(.*)$/s;

/**
 * Reads the address of a proxy: `protocol://user:password@host:port`, the same without protocol (then `http`), or
 * `host:port:user:password` as lists of proxies write it.
 * @throws {InvalidOptionError} with a sentence that never shows the credentials
 */
export function parseProxyUrl(text: string): ProxyAddress {
  if (typeof text !== 'string' || text.trim() === '') throw bad(text, 'a proxy must be a URL such as http://host:8080');
  const [, name, afterScheme] = scheme.exec(text.trim()) ?? [];
  const protocol = name === undefined ? 'http' : readProtocol(name, text);
  const rest = (afterScheme ?? text.trim()).replace(/\/$/, '');
  const { place, username, password } = splitCredentials(rest);
  const { host, port } = readPlace(place, text);
  if (port === undefined && name === undefined)
    throw bad(text, 'a proxy without a protocol needs a port, as host:8080');
  return new ProxyAddress({ protocol, host, port: port ?? defaultPorts[protocol], username, password });
}

function readProtocol(name: string, text: string): ProxyProtocol {
  const lower = name.toLowerCase();
  const protocol = lower === 'socks' ? 'socks5' : lower;
  if ((proxyProtocols as readonly string[]).includes(protocol)) return protocol as ProxyProtocol;
  throw bad(text, `the protocol of a proxy must be one of ${proxyProtocols.join(', ')}`);
}

interface Split {
  readonly place: string;
  readonly username?: string;
  readonly password?: string;
}

/** A password may hold anything, an `@` or a `/` too: the last `@` ends it. */
function splitCredentials(rest: string): Split {
  const at = rest.lastIndexOf('@');
  if (at >= 0) return { place: rest.slice(at + 1), ...readCredentials(rest.slice(0, at)) };
  const [, host, port, username, password] = columns.exec(rest) ?? [];
  if (username === undefined || password === undefined) return { place: rest };
  return { place: `${host}:${port}`, username, password };
}

function readCredentials(text: string): { username?: string; password?: string } {
  if (text === '') return {};
  const colon = text.indexOf(':');
  if (colon < 0) return { username: decode(text) };
  return { username: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
}

/** A `%` that starts no escape is part of the password as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readPlace(place: string, text: string): { host: string; port: number | undefined } {
  if (/[/?#]/.test(place)) throw bad(text, 'the URL of a proxy must end after its port: it has no path');
  if (!place.startsWith('[') && place.indexOf(':') !== place.lastIndexOf(':')) {
    throw bad(text, 'an IPv6 address must stand in brackets, as http://[::1]:8080');
  }
  const [, hostText = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [];
  if (hostText === '') throw bad(text, 'a proxy needs a host');
  return { host: readHost(hostText, text), port: portText === undefined ? undefined : readPort(portText, text) };
}

function readPort(portText: string, text: string): number {
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw bad(text, 'the port of a proxy must be a whole number from 1 to 65535');
}

/** Lets the platform write a host the one canonical way: lower case, punycode, the shortest IPv6 form. */
function readHost(hostText: string, text: string): string {
  try {
    const { hostname } = new URL(`http://${hostText}`);
    if (hostname !== '') return hostname.replace(/^\[|\]$/g, '');
  } catch {
    // The sentence below is clearer than the platform's.
  }
  throw bad(text, 'the host of a proxy must be a name or an IP address');
}

function bad(text: unknown, sentence: string): InvalidOptionError {
  const shown = typeof text === 'string' ? redact(text.trim()) : text;
  return new InvalidOptionError('proxy', shown, `${sentence}, got ${show(shown)}`);
}
