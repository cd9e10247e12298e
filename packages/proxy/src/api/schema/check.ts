import { z } from '@hono/zod-openapi';
import { failureSchema } from './call.ts';
import { moment, proxyId, seconds } from './parts.ts';

export const checkRequestSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/u, error: 'Input should be a valid http or https URL' })
      .max(2048)
      .refine((address) => !URL.canParse(address) || new URL(address).username === '', {
        error: 'Input should be a URL without credentials',
      })
      .openapi({
        description:
          'What to fetch through the proxy; any answer below 500 but 407 is a good one. Without it only a connection to the proxy itself is made',
        example: 'https://example.com/',
      }),
    timeout: z.number().min(0.1).max(60).openapi({ description: 'Seconds; 10 if it is not given' }),
  })
  .partial()
  .openapi('ProxyCheckRequest');

export const checkSchema = z
  .strictObject({
    proxy_id: proxyId,
    working: z.boolean(),
    timestamp: moment.openapi({ description: 'When the check ended' }),
    latency: seconds,
    status: z.int().nullable().openapi({ description: 'What was answered, where something was fetched' }),
    failure: failureSchema.nullable().openapi({ description: 'null where the proxy works' }),
  })
  .openapi('ProxyCheck');

export type CheckRequest = z.infer<typeof checkRequestSchema>;
export type CheckJson = z.infer<typeof checkSchema>;
