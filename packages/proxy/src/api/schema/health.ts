import { z } from '@hono/zod-openapi';

export const healthSchema = z.strictObject({ status: z.literal('ok') }).openapi('Health');

export const readySchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    message: z.string().openapi({ description: 'Why, for people' }),
  })
  .openapi('Readiness');
