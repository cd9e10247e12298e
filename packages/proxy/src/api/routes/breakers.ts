import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { breakerEventJson, breakerJson } from '../json/breaker.ts';
import { breakerEventsSchema, breakerSchema, breakersSchema } from '../schema/breaker.ts';
import { hoursQuery, proxyIdParam } from '../schema/parts.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, notFound, tokenNeeded, writeErrors } from './answers.ts';
import { findProxy } from './find-proxy.ts';

const tags = ['Circuit breakers'];

const list = createRoute({
  method: 'get',
  path: '/circuit-breakers',
  operationId: 'listCircuitBreakers',
  tags,
  summary: 'The circuit breakers of all proxies',
  responses: { 200: answer(breakersSchema, 'One for each proxy') },
});

const eventsRoute = { method: 'get', tags, request: { query: hoursQuery } } as const;
const eventsResponses = { 200: answer(breakerEventsSchema, 'Oldest first, at most 1000'), ...badRequest };

const events = createRoute({
  ...eventsRoute,
  path: '/circuit-breakers/metrics',
  operationId: 'listCircuitBreakerEvents',
  summary: 'The changes of state within the last hours',
  responses: eventsResponses,
});

const eventsAlias = createRoute({
  ...eventsRoute,
  path: '/metrics/circuit-breakers',
  operationId: 'listCircuitBreakerEventsInMetrics',
  summary: 'The same as /circuit-breakers/metrics',
  responses: eventsResponses,
});

const one = createRoute({
  method: 'get',
  path: '/circuit-breakers/{proxy_id}',
  operationId: 'getCircuitBreaker',
  tags,
  summary: 'The circuit breaker of one proxy',
  request: { params: proxyIdParam },
  responses: { 200: answer(breakerSchema, 'The breaker'), ...notFound },
});

const reset = createRoute({
  method: 'post',
  path: '/circuit-breakers/{proxy_id}/reset',
  operationId: 'resetCircuitBreaker',
  tags,
  summary: 'Close a circuit breaker by hand',
  ...tokenNeeded,
  request: { params: proxyIdParam },
  responses: { 200: answer(breakerSchema, 'The breaker as it is now'), ...writeErrors, ...notFound },
});

/** `/circuit-breakers/metrics` comes before the routes with an id, which it would otherwise be. */
export function breakerRoutes({ rotator, world }: ApiServices): OpenAPIHono {
  const eventsSince = (hours: number) => ({
    events: rotator.getRetryMetrics().getBreakerEvents(hours).map(breakerEventJson),
  });
  const find = (id: string) => findProxy(rotator.pool, id, 'Circuit breaker not found for proxy');
  return new OpenAPIHono()
    .openapi(list, (c) => {
      const breakers = rotator.pool.list().map((proxy) => breakerJson(proxy, world));
      return c.json({ circuit_breakers: breakers }, 200);
    })
    .openapi(events, (c) => c.json(eventsSince(c.req.valid('query').hours), 200))
    .openapi(eventsAlias, (c) => c.json(eventsSince(c.req.valid('query').hours), 200))
    .openapi(one, (c) => c.json(breakerJson(find(c.req.valid('param').proxy_id), world), 200))
    .openapi(reset, (c) => {
      const proxy = find(c.req.valid('param').proxy_id);
      rotator.resetCircuitBreaker(proxy.id);
      return c.json(breakerJson(proxy, world), 200);
    });
}
