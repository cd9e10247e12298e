import type { IncomingMessage } from 'node:http';
import { endToEnd } from './end-to-end.ts';
import type { RequestBody } from './request-body.ts';
import type { AbsoluteTarget } from './target.ts';
import { RequestRefused } from './trouble.ts';

/** A plain request, ready to be sent any number of times. */
export interface PlainMessage {
  readonly method: string;
  readonly target: AbsoluteTarget;
  /** End-to-end fields, names and values in turn; framing is the body's. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
  /** Whether a request of this method may be made twice. */
  readonly isIdempotent: boolean;
}

/** What decides how a client's request is written anew. */
export interface MessageParts {
  readonly request: IncomingMessage;
  readonly target: AbsoluteTarget;
  readonly body: RequestBody;
  readonly isIdempotent: boolean;
  /** What the gateway is called in `Via`; `undefined` for none. */
  readonly pseudonym: string | undefined;
}

/**
 * Writes a client's request anew. `Host` comes from the URI, whatever the client says in it (RFC 9112 §3.2.2), and
 * `Expect` has been answered by the gateway.
 */
export function plainMessage({ request, target, body, isIdempotent, pseudonym }: MessageParts): PlainMessage {
  const { method = 'GET', rawHeaders, httpVersion } = request;
  const headers = ['Host', target.authority, ...endToEnd(rawHeaders, ['host', 'expect', 'max-forwards'])];
  const hops = maxForwards(method, request.headers['max-forwards']);
  if (hops !== undefined) headers.push('Max-Forwards', String(hops));
  if (pseudonym !== undefined) headers.push('Via', `${httpVersion} ${pseudonym}`);
  return { method, target, headers, body, isIdempotent };
}

/** RFC 9110 §7.6.2. */
function maxForwards(method: string, header: string | string[] | undefined): number | undefined {
  if ((method !== 'OPTIONS' && method !== 'TRACE') || typeof header !== 'string' || !/^\d{1,9}$/u.test(header)) {
    return undefined;
  }
  if (Number(header) > 0) return Number(header) - 1;
  throw new RequestRefused(501, 'http_request_denied', `the gateway answers no ${method} of its own`);
}
