import type { IncomingMessage } from 'node:http';
import { type Client, readBasic } from './credentials.ts';
import type { GatewayServices } from './services.ts';
import { RequestRefused } from './trouble.ts';

/** Lets a client of HTTP in, or not. @throws {RequestRefused} for wrong credentials, and for our own request come back */
export function admit({ doorkeeper, pseudonym }: GatewayServices, { headers }: IncomingMessage): Client {
  const client = doorkeeper.admit(readBasic(headers['proxy-authorization']));
  if (client === undefined) throw new RequestRefused(407, 'http_request_denied', 'the gateway asks for credentials');
  if (headers.via?.includes(pseudonym) === true) {
    throw new RequestRefused(508, 'proxy_loop_detected', 'the request has come back to the gateway that sent it');
  }
  return client;
}
