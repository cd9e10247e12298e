import { z } from '@hono/zod-openapi';
import { count, moment, proxyId, seconds } from './parts.ts';

export const failureSchema = z
  .strictObject({
    fault: z.enum(['proxy', 'target', 'pair', 'client']).openapi({ description: 'Who is charged with it' }),
    phase: z.enum(['connect', 'tls', 'handshake', 'head', 'body']).nullable(),
    category: z.string().openapi({ description: 'The kind of failure', example: 'connect' }),
    message: z.string(),
  })
  .openapi('AttemptFailure');

const attemptSchema = z
  .strictObject({
    number: z.int().min(1).openapi({ description: 'From 1' }),
    proxy_id: proxyId.nullable().openapi({ description: 'null where the attempt went without a proxy' }),
    outcome: z.enum(['success', 'failure', 'timeout', 'cancelled']),
    status: z.int().nullable().openapi({ description: 'The status that came back, where one did' }),
    wait: seconds.openapi({ description: 'The wait before this attempt' }),
    wait_source: z
      .enum(['backoff', 'retry-after', 'rate-limit', 'breaker', 'failover', 'hook', 'testing'])
      .nullable()
      .openapi({ description: 'Where that wait came from; null before the first attempt' }),
    latency: seconds,
    failure: failureSchema.nullable(),
  })
  .openapi('Attempt');

export const callSchema = z
  .strictObject({
    id: z.string(),
    timestamp: moment.openapi({ description: 'When it ended' }),
    method: z.string(),
    target: z.string().openapi({ description: 'Where it went', example: 'api.example.com:443' }),
    outcome: z.enum(['success', 'failure', 'cancelled']),
    status: z.int().nullable(),
    duration: seconds,
    waited: seconds.openapi({ description: 'All waits between its attempts' }),
    reason: z.string().nullable().openapi({ description: 'Why it was given up', example: 'attempts' }),
    error: z.string().nullable(),
    attempts: z.array(attemptSchema),
  })
  .openapi('Request', { description: 'A request that has ended' });

export const callsSchema = z
  .strictObject({
    requests: z.array(callSchema).openapi({ description: 'Newest first' }),
    kept: count.openapi({ description: 'How many are kept in memory' }),
  })
  .openapi('Requests');

export const callsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ description: 'How many at most' }),
  outcome: z
    .enum(['success', 'failure', 'cancelled', 'retried'])
    .optional()
    .openapi({ description: 'Only those; `retried` are those with more than one attempt' }),
});

export type FailureJson = z.infer<typeof failureSchema>;
export type CallFilter = NonNullable<z.infer<typeof callsQuery>['outcome']>;
export type Call = z.infer<typeof callSchema>;
