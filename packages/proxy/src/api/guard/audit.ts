import type { Context, MiddlewareHandler } from 'hono';
import type { World } from 'mulligan';
import type { AuditEntry } from '../options.ts';
import { clientAddress } from './client-address.ts';
import { isRead } from './is-read.ts';

const longestPath = 300;

/** Tells of a request: who, and what, but no value of it. */
export type Audit = (c: Context, status: number, fields?: readonly string[]) => void;

/** Makes what tells of requests; without anyone to hear, it does nothing. */
export function auditTo(hear: ((entry: AuditEntry) => void) | undefined, world: World): Audit {
  return (c, status, fields = []) => {
    if (hear === undefined) return;
    // Still encoded: a line break in it must not begin a line of a log.
    const path = new URL(c.req.url).pathname.slice(0, longestPath);
    try {
      hear({ at: world.wallNow(), address: clientAddress(c), method: c.req.method, path, status, fields });
    } catch (error) {
      console.warn('mulligan: what hears of writes has failed', error);
    }
  };
}

/** Tells of every write that had leave to be made, with the names of the fields that it changed. */
export function auditWrites(audit: Audit): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!isRead(c)) audit(c, c.res.status, c.res.status < 400 ? fieldNames(c) : []);
  };
}

/** Only of a body that a route has read and checked: these are names of this API, and nothing else is. */
function fieldNames(c: Context): string[] {
  return Object.keys(c.req.valid('json' as never) ?? {});
}
