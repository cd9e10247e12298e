import { z } from '@hono/zod-openapi';
import { count, hoursQuery, moment, proxyId, seconds, share } from './parts.ts';

const historyPointSchema = z
  .strictObject({
    timestamp: moment.openapi({ description: 'Its start' }),
    duration: z.int().openapi({ description: 'How long it is, in seconds: a minute or an hour', example: 60 }),
    requests: count.openapi({ description: 'Requests that ended; of one proxy, the attempts through it' }),
    failures: count.openapi({ description: 'Those of them that failed' }),
    success_rate: share.nullable().openapi({ description: 'null where nothing ended' }),
    retries: count.nullable().openapi({ description: 'Attempts after the first of their request; null of one proxy' }),
    latency: seconds.nullable().openapi({ description: 'Mean of all attempts' }),
    latency_p95: seconds.nullable().openapi({ description: 'null where only the hour is known' }),
    breaker_opens: count.openapi({ description: 'How often a circuit breaker opened' }),
  })
  .openapi('HistoryPoint');

export const historySchema = z.strictObject({ points: z.array(historyPointSchema) }).openapi('History');

export const historyQuery = hoursQuery.extend({
  proxy_id: proxyId.optional().openapi({ description: 'Only what went through this proxy' }),
});

export type HistoryPoint = z.infer<typeof historyPointSchema>;
