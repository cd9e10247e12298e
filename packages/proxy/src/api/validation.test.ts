import { z } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { policyUpdateSchema } from './schema/policy.ts';
import { validationError } from './validation.ts';

function answerTo(schema: z.ZodType, input: unknown) {
  const result = schema.safeParse(input);
  return result.success ? undefined : validationError('json', result.error.issues, input);
}

const sentence = (change: Record<string, unknown>) => answerTo(policyUpdateSchema, change)?.details;

test.each([
  [{ max_attempts: 0 }, { max_attempts: 'Input should be greater than or equal to 1' }],
  [{ max_attempts: 11 }, { max_attempts: 'Input should be less than or equal to 10' }],
  [{ max_attempts: 2.5 }, { max_attempts: 'Input should be a valid integer, got a number with a fractional part' }],
  [{ max_attempts: '3' }, { max_attempts: 'Input should be a valid number' }],
  [{ max_attempts: null }, { max_attempts: 'Input should be a valid number' }],
  [{ backoff_strategy: 'Linear' }, { backoff_strategy: "Input should be 'exponential', 'linear' or 'fixed'" }],
  [{ base_delay: 0 }, { base_delay: 'Input should be greater than or equal to 0.1' }],
  [{ base_delay: 61 }, { base_delay: 'Input should be less than or equal to 60' }],
  [{ multiplier: 1 }, { multiplier: 'Input should be greater than or equal to 1.1' }],
  [{ max_backoff_delay: 301 }, { max_backoff_delay: 'Input should be less than or equal to 300' }],
  [{ jitter: 1 }, { jitter: "Input should be true, false or 'decorrelated'" }],
  [{ timeout: 0 }, { timeout: 'Input should be greater than or equal to 0.1' }],
  [{ retry_status_codes: [503, 404] }, { 'retry_status_codes[1]': 'Status codes must be 5xx errors, 408, 425 or 429' }],
  [{ retry_status_codes: 503 }, { retry_status_codes: 'Input should be a valid list' }],
  [{ retries: 3 }, { retries: 'Extra inputs are not permitted' }],
])('%j is answered field by field', (change, details) => {
  expect(sentence(change)).toEqual(details);
});

test.each([
  { max_attempts: 1 },
  { max_attempts: 10 },
  { base_delay: 0.1 },
  { base_delay: 60 },
  { multiplier: 1.1 },
  { multiplier: 10 },
  { timeout: null },
  { retry_status_codes: [] },
  { retry_status_codes: [408, 425, 429, 500, 599] },
  {},
])('%j is taken', (change) => {
  expect(sentence(change)).toBeUndefined();
});

test('all fields that are wrong are answered at once', () => {
  const error = answerTo(policyUpdateSchema, { max_attempts: 11, base_delay: 'x', more: 1, other: 2 });
  expect(error?.message).toBe('Invalid body: max_attempts, base_delay, more, other');
  expect(Object.keys(error!.details)).toHaveLength(4);
});

test('a body that is no object is answered as a whole', () => {
  expect(answerTo(policyUpdateSchema, [])?.details).toEqual({ body: 'Input should be a valid object' });
});

test('a field that is missing is named as such', () => {
  const schema = z.strictObject({ url: z.string().min(1), tags: z.array(z.string()).max(1) });
  expect(answerTo(schema, { tags: ['a', 'b'] })?.details).toEqual({
    url: 'Field required',
    tags: 'Number of items should be less than or equal to 1',
  });
  expect(answerTo(schema, { url: '', tags: [] })?.details).toEqual({
    url: 'Length should be greater than or equal to 1',
  });
});
