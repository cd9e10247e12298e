import { z } from '@hono/zod-openapi';
import { seconds } from './parts.ts';
import { policySchema } from './policy.ts';

export const configSchema = z
  .strictObject({
    retry_policy: policySchema,
    circuit_breaker: z
      .strictObject({
        failure_threshold: z.int().min(1).nullable(),
        window_duration: seconds.nullable(),
        timeout_duration: seconds,
      })
      .openapi({ description: 'What the breaker of every proxy is set to; null where another rule decides' }),
    direct: z.boolean().openapi({ description: 'Whether requests go straight to their targets, without proxies' }),
  })
  .openapi('Config');

const breakerChanges = z
  .strictObject({
    failure_threshold: z.int().min(1).max(10_000).openapi({ description: 'Failures in the window that open it' }),
    window_duration: z.number().min(0.1).max(86_400).openapi({ description: 'Seconds' }),
    timeout_duration: z.number().min(0.1).max(86_400).openapi({ description: 'Seconds' }),
  })
  .partial();

export const configUpdateSchema = z
  .strictObject({ circuit_breaker: breakerChanges })
  .partial()
  .openapi('ConfigUpdate', { description: 'What is left out stays as it is; the retry policy has a route of its own' });

export type ConfigJson = z.infer<typeof configSchema>;
export type BreakerChanges = z.infer<typeof breakerChanges>;
