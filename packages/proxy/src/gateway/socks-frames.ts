import ipaddr from 'ipaddr.js';
import type { Place } from '../dial/index.ts';
import { placeOf } from './target.ts';

/** What a SOCKS5 client sends (RFC 1928, RFC 1929): `more` bytes are needed, it is malformed, or this. */
export type Frame<T> =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly reply?: number }
  | { readonly kind: 'frame'; readonly value: T; readonly length: number };

/** Reply codes of RFC 1928. */
export const socksReplies = {
  granted: 0,
  failed: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  refused: 5,
  expired: 6,
  commandNotSupported: 7,
  addressNotSupported: 8,
} as const;

/** No frame of a handshake is longer. */
export const longestFrameBytes = 513;

const more = { kind: 'more' } as const;
const bad = { kind: 'bad' } as const;

/** The first frame: which ways of authentication the client knows. */
export function readGreeting(bytes: Buffer): Frame<readonly number[]> {
  const [version = 5, count] = bytes;
  if (version !== 5) return bad;
  if (count === undefined || bytes.length < 2 + count) return more;
  return { kind: 'frame', value: [...bytes.subarray(2, 2 + count)], length: 2 + count };
}

/** User name and password. */
export function readCredentials(bytes: Buffer): Frame<{ readonly username: string; readonly password: string }> {
  const [version = 1, userLength] = bytes;
  if (version !== 1) return bad;
  if (userLength === undefined) return more;
  const passwordLength = bytes[2 + userLength];
  if (passwordLength === undefined) return more;
  const length = 3 + userLength + passwordLength;
  if (bytes.length < length) return more;
  const username = bytes.toString('utf8', 2, 2 + userLength);
  return { kind: 'frame', value: { username, password: bytes.toString('utf8', 3 + userLength, length) }, length };
}

/** What the client wants: only CONNECT is known. */
export function readRequest(bytes: Buffer): Frame<Place> {
  const [version = 5, command = 1, , kind, nameLength] = bytes;
  if (version !== 5) return bad;
  if (command !== 1) return { kind: 'bad', reply: socksReplies.commandNotSupported };
  if (kind === undefined || nameLength === undefined) return more;
  const addressBytes = { 1: 4, 3: 1 + nameLength, 4: 16 }[kind];
  if (addressBytes === undefined) return { kind: 'bad', reply: socksReplies.addressNotSupported };
  const length = 4 + addressBytes + 2;
  if (bytes.length < length) return more;
  const address = bytes.subarray(4, 4 + addressBytes);
  const host = kind === 3 ? address.toString('latin1', 1) : ipaddr.fromByteArray([...address]).toString();
  const value = /[\s/?#@\\:[\]]/u.test(host) && kind === 3 ? undefined : placeOf(host, bytes.readUInt16BE(length - 2));
  return value === undefined ? { kind: 'bad', reply: socksReplies.failed } : { kind: 'frame', value, length };
}

/** Answers a request. The bound address is none of the client's business. */
export function writeReply(reply: number): Buffer {
  return Buffer.of(5, reply, 0, 1, 0, 0, 0, 0, 0, 0);
}
