import { z } from '@hono/zod-openapi';
import { type ApiErrorCode, apiErrorStatus } from '../error.ts';

const codes = Object.keys(apiErrorStatus) as [ApiErrorCode, ...ApiErrorCode[]];

export const errorSchema = z
  .strictObject({
    error: z.enum(codes).openapi({ description: 'What went wrong, for programs' }),
    message: z.string().openapi({ description: 'What went wrong, for people' }),
    details: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'Where fields are wrong: each with its sentence' }),
  })
  .openapi('Error');
