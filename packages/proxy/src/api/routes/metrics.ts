import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { hourPoint, minutePoint, proxyHourPoint } from '../json/history.ts';
import { proxyStatsJson, summaryJson, timeseriesPointJson } from '../json/metrics.ts';
import { type HistoryPoint, historyQuery, historySchema } from '../schema/history.ts';
import { byProxySchema, summarySchema, timeseriesSchema } from '../schema/metrics.ts';
import { hoursQuery } from '../schema/parts.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest } from './answers.ts';

const tags = ['Retry metrics'];

const summary = createRoute({
  method: 'get',
  path: '/metrics/retries',
  operationId: 'getRetrySummary',
  tags,
  summary: 'The attempts of the last 24 hours in a few numbers',
  responses: { 200: answer(summarySchema, 'The sums') },
});

const timeseries = createRoute({
  method: 'get',
  path: '/metrics/retries/timeseries',
  operationId: 'getRetryTimeseries',
  tags,
  summary: 'The attempts hour by hour',
  request: { query: hoursQuery },
  responses: { 200: answer(timeseriesSchema, 'Hours in which something happened, oldest first'), ...badRequest },
});

const byProxy = createRoute({
  method: 'get',
  path: '/metrics/retries/by-proxy',
  operationId: 'getRetriesByProxy',
  tags,
  summary: 'The attempts proxy by proxy',
  request: { query: hoursQuery },
  responses: { 200: answer(byProxySchema, 'Proxies that were used, by id; `direct` is none'), ...badRequest },
});

const history = createRoute({
  method: 'get',
  path: '/metrics/history',
  operationId: 'getMetricsHistory',
  tags,
  summary: 'The last hours for a chart: by the minute since the start, by the hour before it and of one proxy',
  request: { query: historyQuery },
  responses: { 200: answer(historySchema, 'Times in which something happened, oldest first'), ...badRequest },
});

const hourMs = 3_600_000;

/** What is known by the hour only is what was before this process, kept in a file. */
function historyOf({ rotator, recorder, world }: ApiServices, hours: number, proxyId?: string): HistoryPoint[] {
  const since = world.wallNow() - hours * hourMs;
  const aggregates = rotator.getRetryMetrics().hourlyAggregates.filter(({ hourAt }) => hourAt + hourMs > since);
  if (proxyId !== undefined) return aggregates.flatMap((hour) => proxyHourPoint(hour, proxyId) ?? []);
  const minutes = recorder.history.since(since);
  const before = aggregates.filter(({ hourAt }) => hourAt + hourMs <= recorder.startedAt);
  return [...before.map(hourPoint), ...minutes.map(minutePoint)];
}

export function metricsRoutes(services: ApiServices): OpenAPIHono {
  const { rotator } = services;
  const metrics = rotator.getRetryMetrics();
  return new OpenAPIHono()
    .openapi(summary, (c) => c.json(summaryJson(metrics.getSummary()), 200))
    .openapi(timeseries, (c) => {
      const points = metrics.getTimeseries(c.req.valid('query').hours);
      return c.json({ data_points: points.map(timeseriesPointJson) }, 200);
    })
    .openapi(history, (c) => {
      const { hours, proxy_id: proxyId } = c.req.valid('query');
      return c.json({ points: historyOf(services, hours, proxyId) }, 200);
    })
    .openapi(byProxy, (c) => {
      const stats = [...metrics.getByProxy(c.req.valid('query').hours)];
      return c.json({ proxies: Object.fromEntries(stats.map(([id, each]) => [id, proxyStatsJson(each)])) }, 200);
    });
}
