import { isIP } from 'node:net';
import type { Place } from '../dial/index.ts';

/** What an absolute-form request asks for. */
export interface AbsoluteTarget {
  readonly place: Place;
  /** The authority as it goes into `Host`: without the default port. */
  readonly authority: string;
  /** Path and query, as they were sent. */
  readonly path: string;
}

const authorityForm = /^(\[[\d.:a-f]+\]|[^\s:/?#@\\[\]]+):(\d{1,5})$/iu;
const absoluteForm = /^http:\/\/([^\s/?#\\]*)([^\s#]*)/iu;

/** Reads `host:port`, the target of CONNECT. The port is needed; user names are refused. */
export function parseAuthority(text: string): Place | undefined {
  const [, hostText = '', portText = ''] = authorityForm.exec(text) ?? [];
  return placeOf(hostText, Number(portText));
}

/** Reads `http://host[:port]/path`. Other schemes, user names and whatever is no URL are refused. */
export function parseAbsolute(text: string): AbsoluteTarget | undefined {
  const [, authorityText = '', path = ''] = absoluteForm.exec(text) ?? [];
  const hasPort = /:\d*$/u.test(authorityText);
  const withPort = hasPort ? authorityText.replace(/:$/u, ':80') : `${authorityText}:80`;
  const place = parseAuthority(withPort);
  if (place === undefined) return undefined;
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  const authority = place.port === 80 ? host : `${host}:${place.port}`;
  return { place, authority, path: path.startsWith('/') ? path : `/${path}` };
}

/** A host and a port in canonical form: `2130706433` and `0x7f.1` become `127.0.0.1`, names lower case and punycode. */
export function placeOf(hostText: string, port: number): Place | undefined {
  if (!(port >= 1 && port <= 65_535) || hostText === '') return undefined;
  const host = canonicalHost(hostText);
  return host === undefined ? undefined : { host, port };
}

const longestName = 253;

/** Reading a name as a URL does costs a microsecond: a client asks for few, again and again. */
const knownHosts = new Map<string, string | undefined>();

function canonicalHost(text: string): string | undefined {
  if (knownHosts.has(text)) return knownHosts.get(text);
  const host = readHost(text);
  if (text.length > longestName) return host;
  if (knownHosts.size >= 1000) knownHosts.clear();
  knownHosts.set(text, host);
  return host;
}

function readHost(text: string): string | undefined {
  const isV6 = text.startsWith('[') || isIP(text) === 6;
  try {
    const { hostname } = new URL(`http://${isV6 && !text.startsWith('[') ? `[${text}]` : text}`);
    const host = hostname.replace(/^\[|\]$/gu, '');
    return host === '' || host.length > longestName ? undefined : host;
  } catch {
    return undefined;
  }
}
