import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { Counter, Histogram, type Registry } from 'prom-client';

// The limits of the original, in seconds.
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Counts the requests to this API, under the names of the original. Labels are routes, never addresses. */
export function countApiRequests(registry: Registry, now: () => number): MiddlewareHandler {
  const requests = new Counter({
    name: 'proxywhirl_requests_total',
    help: 'Requests to the REST API',
    labelNames: ['endpoint', 'method', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'proxywhirl_request_duration_seconds',
    help: 'Duration of requests to the REST API',
    labelNames: ['endpoint', 'method'],
    buckets,
    registers: [registry],
  });
  return async (c, next) => {
    const startedMs = now();
    await next();
    const isFound = c.res.status !== 404;
    const labels = { endpoint: isFound ? routePath(c) : 'none', method: known(c.req.method) };
    requests.inc({ ...labels, status: String(c.res.status) });
    duration.observe(labels, (now() - startedMs) / 1000);
  };
}

function known(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'OTHER';
}
