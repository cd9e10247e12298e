import { z } from '@hono/zod-openapi';
import { count, moment, proxyId, seconds, share } from './parts.ts';

/** How many calls succeeded without a retry (`"0"`), after one (`"1"`), and so on. */
export const successByAttemptSchema = z
  .record(z.string().regex(/^\d+$/u), count)
  .openapi('SuccessByAttempt', { example: { '0': 850, '1': 120, '2': 25, '3': 5 } });

export const summarySchema = z
  .strictObject({
    total_retries: count.openapi({ description: 'Attempts in all, first ones included: the name is the original one' }),
    success_by_attempt: successByAttemptSchema,
    circuit_breaker_events_count: count,
    retention_hours: z.number().min(0),
    total_attempts: count,
    total_requests: count,
    retries_only: count.openapi({ description: 'Attempts after the first of their call' }),
  })
  .openapi('RetrySummary');

const timeseriesPointSchema = z
  .strictObject({
    timestamp: moment.openapi({ description: 'Start of the hour' }),
    total_requests: count,
    total_retries: count.openapi({ description: 'Attempts in all' }),
    success_rate: share.openapi({ description: 'Successful attempts by attempts' }),
    avg_latency: seconds,
  })
  .openapi('RetryTimeseriesPoint');

export const timeseriesSchema = z
  .strictObject({ data_points: z.array(timeseriesPointSchema) })
  .openapi('RetryTimeseries');

const proxyStatsSchema = z
  .strictObject({
    proxy_id: proxyId,
    total_attempts: count,
    success_count: count,
    failure_count: count,
    avg_latency: seconds,
    circuit_breaker_opens: count,
  })
  .openapi('ProxyRetryStats');

export const byProxySchema = z
  .strictObject({ proxies: z.record(z.string(), proxyStatsSchema) })
  .openapi('RetriesByProxy');

export type SummaryJson = z.infer<typeof summarySchema>;
export type TimeseriesPointJson = z.infer<typeof timeseriesPointSchema>;
export type ProxyStatsJson = z.infer<typeof proxyStatsSchema>;
