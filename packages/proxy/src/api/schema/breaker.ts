import { z } from '@hono/zod-openapi';
import { count, moment, proxyId, seconds } from './parts.ts';

const breakerStateSchema = z
  .enum(['closed', 'open', 'half_open', 'isolated'])
  .openapi('BreakerState', { description: '`isolated` is open by hand, until it is reset' });

export const breakerSchema = z
  .strictObject({
    proxy_id: proxyId,
    state: breakerStateSchema,
    failure_count: count.openapi({ description: 'Failures in the window' }),
    failure_threshold: z
      .int()
      .min(1)
      .nullable()
      .openapi({ description: 'Failures in the window that open it; null where only a rate does' }),
    window_duration: seconds.nullable().openapi({ description: 'null where the last so many calls are looked at' }),
    timeout_duration: seconds.openapi({ description: 'How long it stays open before a test' }),
    next_test_time: moment.nullable(),
    next_test_in: seconds.nullable().openapi({ description: 'The same in seconds from now' }),
    last_state_change: moment.openapi({ description: 'When the proxy was added, if it never changed' }),
  })
  .openapi('CircuitBreaker');

export const breakersSchema = z.strictObject({ circuit_breakers: z.array(breakerSchema) }).openapi('CircuitBreakers');

export const breakerEventSchema = z
  .strictObject({
    proxy_id: proxyId,
    from_state: breakerStateSchema,
    to_state: breakerStateSchema,
    timestamp: moment,
    failure_count: count,
  })
  .openapi('CircuitBreakerEvent');

export const breakerEventsSchema = z
  .strictObject({ events: z.array(breakerEventSchema) })
  .openapi('CircuitBreakerEvents');

export type CircuitBreakerJson = z.infer<typeof breakerSchema>;
export type BreakerEventJson = z.infer<typeof breakerEventSchema>;
