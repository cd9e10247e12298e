import { z } from '@hono/zod-openapi';
import { breakerSchema } from './breaker.ts';
import { count, moment, proxyId, seconds, share } from './parts.ts';

const conditionSchema = z.enum(['untested', 'healthy', 'degraded', 'recovering', 'down', 'paused']);

export const proxySchema = z
  .strictObject({
    id: proxyId,
    url: z.string().openapi({ description: 'Without credentials', example: 'http://proxy1.example.com:8080' }),
    has_credentials: z.boolean(),
    condition: conditionSchema.openapi({
      description:
        '`down`: its breaker is open. `recovering`: a test decides. `degraded`: lately under 90 % of its attempts succeed',
    }),
    paused: z.boolean().openapi({ description: 'Taken out by hand: it gets no requests' }),
    region: z.string().nullable(),
    tags: z.array(z.string()),
    weight: z.number().min(0),
    cost: z.number().min(0),
    metadata: z.record(z.string(), z.unknown()).openapi({ description: 'What its owner wants to remember' }),
    max_concurrent: z.int().min(1).nullable().openapi({ description: 'null without a limit' }),
    rate_per_second: z.number().min(0).nullable().openapi({ description: 'null without a limit' }),
    score: share.openapi({
      description: '0.7 · success rate + 0.3 · (1 − latency / 10 s); 0.65 when nothing is known',
    }),
    total_attempts: count.openapi({ description: 'Those that say something about the proxy' }),
    success_rate: share.nullable().openapi({ description: 'null before its first attempt' }),
    avg_latency: seconds.nullable().openapi({ description: 'Of its successes; null before the first' }),
    recent_latencies: z
      .array(seconds.nullable())
      .openapi({ description: 'Of its newest 20 attempts, oldest first; null for one that failed by its fault' }),
    in_flight: count.openapi({ description: 'Requests and tunnels that use it now' }),
    last_failure: z.string().nullable(),
    circuit_breaker: breakerSchema,
    added_at: moment,
  })
  .openapi('Proxy');

export const proxiesSchema = z
  .strictObject({
    proxies: z.array(proxySchema),
    total: count.openapi({ description: 'How many there are that were asked for, whatever the limit' }),
  })
  .openapi('Proxies');

/** The proxies that changed, as the stream of events sends them. */
export const changedProxiesSchema = proxiesSchema.omit({ total: true });

export const proxiesQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .openapi({ description: 'How many at most; all without it' }),
  offset: z.coerce.number().int().min(0).default(0).openapi({ description: 'How many to pass over' }),
  condition: conditionSchema.optional().openapi({ description: 'Only those' }),
  region: z.string().optional().openapi({ description: 'Only those of this region' }),
  tag: z.string().optional().openapi({ description: 'Only those with this tag' }),
});

const settings = z
  .strictObject({
    region: z.string().min(1).max(64).nullable().openapi({ description: 'null for none' }),
    tags: z.array(z.string().min(1).max(64)).max(32),
    weight: z.number().gt(0).max(1_000_000),
    cost: z.number().min(0).max(1_000_000_000),
    metadata: z.record(z.string(), z.unknown()).openapi({
      description:
        'Anything that you want to remember; it is shown again, so nothing secret. A `region` in it is the region',
    }),
    max_concurrent: z.int().min(1).nullable().openapi({ description: 'null for no limit' }),
    rate_per_second: z.number().gt(0).nullable().openapi({ description: 'null for no limit' }),
    paused: z.boolean(),
  })
  .partial();

const url = z.string().min(1).max(2048).openapi({
  description: 'May hold credentials; they are never shown again',
  example: 'http://user:password@proxy1.example.com:8080',
});

export const proxyCreateSchema = settings
  .extend({ url, id: proxyId.optional().openapi({ description: '`host:port` if it is not given' }) })
  .openapi('ProxyCreate');

export const proxyUpdateSchema = settings
  .extend({ url: url.optional() })
  .openapi('ProxyUpdate', { description: 'What is left out stays as it is' });

export type ProxyRow = z.infer<typeof proxySchema>;
export type ProxiesQuery = z.infer<typeof proxiesQuery>;
export type ProxyUpdate = z.infer<typeof proxyUpdateSchema>;
