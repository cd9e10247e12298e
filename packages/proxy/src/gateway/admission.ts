import type { IncomingMessage } from 'node:http';
import { type Client, readBasic } from './credentials.ts';
import type { GatewayServices } from './services.ts';
import { RequestRefused } from './trouble.ts';

/** Lets a client of HTTP in, or not. @throws {RequestRefused} for wrong credentials, and for our own request come back */
export function admit(
  { doorkeeper, pseudonym }: GatewayServices,
  { headers, httpVersionMajor }: IncomingMessage,
): Client {
  // A request line that says no version is read as HTTP/0.9, even where a bare line feed has cut it short.
  if (httpVersionMajor !== 1) throw new RequestRefused(400, 'http_request_error', 'the request is not HTTP/1');
  const client = doorkeeper.admit(readBasic(headers['proxy-authorization']));
  if (client === undefined) throw new RequestRefused(407, 'http_request_denied', 'the gateway asks for credentials');
  if (headers.via?.includes(pseudonym) === true) {
    throw new RequestRefused(508, 'proxy_loop_detected', 'the request has come back to the gateway that sent it');
  }
  return client;
}
