import { z } from '@hono/zod-openapi';
import { successByAttemptSchema } from './metrics.ts';
import { count, moment, seconds, share } from './parts.ts';

const secondSchema = z
  .strictObject({
    timestamp: moment,
    requests: count,
    failures: count,
    retries: count,
    latency: seconds.nullable().openapi({ description: 'The median' }),
  })
  .openapi('Second', { description: 'What ended within one second' });

export const statusSchema = z
  .strictObject({
    version: z.string(),
    started_at: moment,
    uptime: seconds,
    addresses: z.strictObject({ gateway: z.string(), api: z.string() }),
    demo: z
      .strictObject({ http: z.string(), https: z.string(), ca: z.string() })
      .nullable()
      .openapi({ description: "The embedded demonstration's own servers" }),
    writes_need_token: z.boolean(),
    direct: z.boolean().openapi({ description: 'Whether requests go straight to their targets, without proxies' }),
    proxies: z.strictObject({
      total: count,
      available: count.openapi({ description: 'Those that would get a request now' }),
      open: count,
      half_open: count,
      paused: count,
    }),
    window: seconds.openapi({ description: 'What the rates and latencies below look back on' }),
    requests_per_second: z.number().min(0),
    success_rate: share.nullable().openapi({ description: 'null while nothing has ended in the window' }),
    latency: z.strictObject({ p50: seconds, p95: seconds, p99: seconds }).nullable(),
    retry_budget: z
      .strictObject({
        target: z.string().openapi({ example: 'api.example.com:443' }),
        left: count.openapi({ description: 'Retries that requests to it could make now' }),
      })
      .nullable()
      .openapi({ description: 'The scarcest budget among the newest targets; null before the first, and without any' }),
    success_by_attempt: successByAttemptSchema,
    total_requests: count.openapi({ description: 'Since the start' }),
    total_failures: count,
    total_retries: count.openapi({ description: 'Attempts after the first of their call, since the start' }),
    recent: z.array(secondSchema).openapi({ description: 'The seconds of the window, oldest first' }),
  })
  .openapi('Status');

export type Status = z.infer<typeof statusSchema>;
