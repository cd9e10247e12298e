import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { ProxyRotator } from '../../rotator/index.ts';
import { healthSchema, readySchema } from '../schema/health.ts';
import type { ApiServices } from '../services.ts';
import { answer } from './answers.ts';

const tags = ['Health'];

const health = createRoute({
  method: 'get',
  path: '/health',
  tags,
  summary: 'Whether the process works; needs no token',
  responses: { 200: answer(healthSchema, 'It does') },
});

const ready = createRoute({
  method: 'get',
  path: '/ready',
  tags,
  summary: 'Whether requests can be served now; needs no token',
  responses: { 200: answer(readySchema, 'They can'), 503: answer(readySchema, 'They cannot, and why') },
});

/** @param where ends the names of the operations, since the routes are at two places */
export function healthRoutes({ rotator }: ApiServices, where = ''): OpenAPIHono {
  return new OpenAPIHono()
    .openapi({ ...health, operationId: `getHealth${where}` }, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi({ ...ready, operationId: `getReadiness${where}` }, (c) => {
      const obstacle = obstacleOf(rotator);
      if (obstacle !== undefined) return c.json({ status: 'not_ready' as const, message: obstacle }, 503);
      return c.json({ status: 'ready' as const, message: 'Requests can be served' }, 200);
    });
}

/** Why no request can be served now, if so. */
function obstacleOf({ isDirect, pool }: ProxyRotator): string | undefined {
  if (isDirect) return undefined;
  if (pool.size === 0) return 'The pool has no proxies. Add one first.';
  for (const proxy of pool) if (proxy.availability().reason === undefined) return undefined;
  return 'No proxy can be used now: wait for the circuit breakers, or add proxies.';
}
