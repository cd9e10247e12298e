import type { z } from '@hono/zod-openapi';
import { errorSchema } from '../schema/error.ts';

interface JsonAnswer<T extends z.ZodType> {
  description: string;
  content: { 'application/json': { schema: T } };
}

/** An answer in JSON, as the document of the API describes it. */
export function answer<T extends z.ZodType>(schema: T, description: string): JsonAnswer<T> {
  return { description, content: { 'application/json': { schema } } };
}

type ErrorAnswer = JsonAnswer<typeof errorSchema>;

/** The answers that every write can have, even one that reads no body. */
export const writeErrors: { 413: ErrorAnswer; 415: ErrorAnswer } = {
  413: answer(errorSchema, 'The body is too large'),
  415: answer(errorSchema, 'The body is not JSON'),
};

export const badRequest: { 400: ErrorAnswer } = {
  400: answer(errorSchema, 'Something in it is wrong: `details` has a sentence for each field'),
};

export const notFound: { 404: ErrorAnswer } = { 404: answer(errorSchema, 'There is none of that name') };

/** A body in JSON. */
export function jsonBody<T extends z.ZodType>(
  schema: T,
): {
  body: { required: true; content: { 'application/json': { schema: T } } };
} {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

/** What a write needs. */
export const tokenNeeded: { security: Record<string, string[]>[] } = { security: [{ apiKey: [] }, { bearer: [] }] };
