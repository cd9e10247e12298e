import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../error.ts';
import type { Audit } from './audit.ts';
import { clientAddress } from './client-address.ts';
import { type HostRules, isHostAllowed } from './host.ts';
import { isRead } from './is-read.ts';
import type { Lockout } from './lockout.ts';
import { isOwnPage } from './origin.ts';
import { tokenCheck, tokenOf } from './token.ts';

/** The largest body that a write may send. */
const maxBodyBytes = 64 * 1024;

/** Refuses names that are not this server's own, and pages that are not. */
export function guardOrigin(rules: () => HostRules): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host');
    if (!isHostAllowed(host, rules())) {
      throw new ApiError('FORBIDDEN_HOST', 'This server is not known by that name: allow it with allowedHosts');
    }
    const mode = isRead(c) ? c.req.header('sec-fetch-mode') : undefined;
    const asker = { host, origin: c.req.header('origin'), site: c.req.header('sec-fetch-site'), mode };
    if (!isOwnPage(asker)) throw new ApiError('FORBIDDEN_ORIGIN', 'Pages of other origins may not use this server');
    await next();
  };
}

/** What {@link guardToken} goes by. */
export interface TokenRules {
  readonly token: string | undefined;
  readonly readsNeedToken: boolean;
  readonly lockout: Lockout;
  /** Hears of wrong tokens. */
  readonly audit: Audit;
}

/** Asks for the token: for every write, and for reads too where they need it. */
export function guardToken({ token, readsNeedToken, lockout, audit }: TokenRules): MiddlewareHandler {
  const isToken = token === undefined ? () => true : tokenCheck(token);
  return async (c, next) => {
    if (isRead(c) && !readsNeedToken) return next();
    const address = clientAddress(c);
    const waitMs = lockout.waitMs(address);
    if (waitMs > 0) {
      c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
      throw new ApiError('TOO_MANY_ATTEMPTS', 'Too many wrong tokens came from this address: wait a minute');
    }
    const given = tokenOf((name) => c.req.header(name));
    if (isToken(given)) return next();
    if (given !== undefined) {
      lockout.wrong(address);
      audit(c, 401);
    }
    c.header('WWW-Authenticate', 'Bearer');
    throw new ApiError('UNAUTHORIZED', 'Send the token that was printed at the start as X-API-Key');
  };
}

/** Bounds what a write may send, and lets only JSON in: a form of another page can send everything else. */
export const guardBody: MiddlewareHandler = async (c, next) => {
  if (isRead(c)) return next();
  const type = c.req.header('content-type');
  if (type !== undefined && !/^application\/json\s*(?:;|$)/iu.test(type)) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json');
  }
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
  if (c.req.header('transfer-encoding') !== undefined) {
    const text = await readBounded(c.req.raw.body);
    // What hono keeps here are promises, whatever the type says.
    c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
  }
  await next();
};

/** A body that does not say how long it is must be counted while it comes. */
async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function tooLarge(): ApiError {
  return new ApiError('PAYLOAD_TOO_LARGE', `The body may have at most ${maxBodyBytes / 1024} KiB`);
}
