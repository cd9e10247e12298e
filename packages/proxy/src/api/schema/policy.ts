import { z } from '@hono/zod-openapi';
import { policyRanges } from '../../policy/index.ts';
import { moment } from './parts.ts';

const statusCode = z.int().refine(isRetryableStatus, {
  error: 'Status codes must be 5xx errors, 408, 425 or 429',
});

function isRetryableStatus(code: number): boolean {
  return (code >= 500 && code <= 599) || code === 408 || code === 425 || code === 429;
}

const { maxAttempts, baseDelay, multiplier, maxBackoffDelay, timeout } = policyRanges;

const fields = z.strictObject({
  max_attempts: z
    .int()
    .min(maxAttempts.min)
    .max(maxAttempts.max)
    .openapi({ description: 'Tries in all, the first included', example: 3 }),
  backoff_strategy: z
    .enum(['exponential', 'linear', 'fixed'])
    .openapi({ description: 'How the wait grows from retry to retry' }),
  base_delay: z
    .number()
    .min(baseDelay.min)
    .max(baseDelay.max)
    .openapi({ description: 'First wait, in seconds', example: 1 }),
  multiplier: z
    .number()
    .min(multiplier.min)
    .max(multiplier.max)
    .openapi({ description: 'Growth of an exponential wait', example: 2 }),
  max_backoff_delay: z
    .number()
    .min(maxBackoffDelay.min)
    .max(maxBackoffDelay.max)
    .openapi({ description: 'Longest wait, in seconds', example: 30 }),
  jitter: z
    .union([z.boolean(), z.literal('decorrelated')], { error: "Input should be true, false or 'decorrelated'" })
    .openapi({
      description:
        'Chance in the waits: by up to half, or from the first wait to three times the one before; never over the longest',
    }),
  retry_status_codes: z
    .array(statusCode)
    .max(100)
    .openapi({ description: 'Statuses that are retried: 5xx, 408, 425 and 429', example: [502, 503, 504] }),
  timeout: z
    .number()
    .min(timeout.min)
    .nullable()
    .openapi({ description: 'Limit of the whole call, in seconds; null for none', example: null }),
  retry_non_idempotent: z.boolean().openapi({ description: 'Whether POST and PATCH are retried too' }),
});

export const policySchema = fields
  .extend({ updated_at: moment.openapi({ description: 'When the policy was last changed' }) })
  .openapi('RetryPolicy');

export const policyUpdateSchema = fields.partial().openapi('RetryPolicyUpdate', {
  description: 'What is left out stays as it is; `"timeout": null` removes the limit',
});

export type PolicyJson = z.infer<typeof policySchema>;
