import { z } from '@hono/zod-openapi';
import { strategyNames } from '../../select/index.ts';
import { seconds } from './parts.ts';
import { policySchema } from './policy.ts';

const healthCheckSchema = z
  .strictObject({
    url: z.string().nullable().openapi({
      description: 'What is fetched, without credentials and query; null where only a connection is made',
    }),
    timeout: seconds,
    interval: seconds.openapi({ description: 'How often a proxy is checked that nobody uses' }),
    dead_interval: seconds.openapi({
      description: 'The wait after a first failed check; it doubles with each further one',
    }),
    max_dead_interval: seconds,
    concurrency: z.int().min(1).openapi({ description: 'Checks at the same time' }),
  })
  .openapi('HealthCheck');

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
    strategy: z.string().openapi({
      description: 'How the proxies of first attempts are chosen; a name of its own where the program brings its own',
      example: 'power-of-two-choices',
    }),
    retry_strategy: z.string().openapi({ description: 'How the proxies of retries are chosen', example: 'best-score' }),
    health_check: healthCheckSchema
      .nullable()
      .openapi({ description: 'How proxies are checked that nobody uses; null where they are not' }),
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

const strategy = z.enum(strategyNames);

export const configUpdateSchema = z
  .strictObject({ circuit_breaker: breakerChanges, strategy, retry_strategy: strategy })
  .partial()
  .openapi('ConfigUpdate', { description: 'What is left out stays as it is; the retry policy has a route of its own' });

export type ConfigJson = z.infer<typeof configSchema>;
export type BreakerChanges = z.infer<typeof breakerChanges>;
