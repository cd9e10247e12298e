import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';

/** The address that a request came from; `undefined` where the server does not say it. */
export function clientAddress(c: Context): string | undefined {
  // What the server gives along; an app that is asked in the program itself has none.
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
  return incoming?.socket.remoteAddress;
}

/** Whom an address belongs to: of IPv6 the network, since one client has all of its addresses. */
export function clientKey(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'loopback') return undefined;
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
