import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { proxyStatsJson, summaryJson, timeseriesPointJson } from '../json/metrics.ts';
import { byProxySchema, summarySchema, timeseriesSchema } from '../schema/metrics.ts';
import { hoursQuery } from '../schema/parts.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest } from './answers.ts';

const tags = ['Retry metrics'];

const summary = createRoute({
  method: 'get',
  path: '/metrics/retries',
  tags,
  summary: 'The attempts of the last 24 hours in a few numbers',
  responses: { 200: answer(summarySchema, 'The sums') },
});

const timeseries = createRoute({
  method: 'get',
  path: '/metrics/retries/timeseries',
  tags,
  summary: 'The attempts hour by hour',
  request: { query: hoursQuery },
  responses: { 200: answer(timeseriesSchema, 'Hours in which something happened, oldest first'), ...badRequest },
});

const byProxy = createRoute({
  method: 'get',
  path: '/metrics/retries/by-proxy',
  tags,
  summary: 'The attempts proxy by proxy',
  request: { query: hoursQuery },
  responses: { 200: answer(byProxySchema, 'Proxies that were used, by id; `direct` is none'), ...badRequest },
});

export function metricsRoutes({ rotator }: ApiServices): OpenAPIHono {
  const metrics = rotator.getRetryMetrics();
  return new OpenAPIHono()
    .openapi(summary, (c) => c.json(summaryJson(metrics.getSummary()), 200))
    .openapi(timeseries, (c) => {
      const points = metrics.getTimeseries(c.req.valid('query').hours);
      return c.json({ data_points: points.map(timeseriesPointJson) }, 200);
    })
    .openapi(byProxy, (c) => {
      const stats = [...metrics.getByProxy(c.req.valid('query').hours)];
      return c.json({ proxies: Object.fromEntries(stats.map(([id, each]) => [id, proxyStatsJson(each)])) }, 200);
    });
}
