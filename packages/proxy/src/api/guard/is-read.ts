import type { Context } from 'hono';

/** Whether a request changes nothing. */
export function isRead(c: Context): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD';
}
