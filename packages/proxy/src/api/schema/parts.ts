import { z } from '@hono/zod-openapi';

/** Seconds as a plain number, as in every document of this API. */
export const seconds = z.number().min(0);

/** A moment in ISO 8601, always UTC. */
export const moment = z.iso.datetime().openapi({ example: '2026-01-31T12:00:00.000Z' });

export const count = z.int().min(0);

/** A share from 0 to 1. */
export const share = z.number().min(0).max(1);

export const proxyId = z
  .string()
  .min(1)
  .max(256)
  .openapi({ description: '`host:port` unless it was given a name', example: 'proxy1.example.com:8080' });

/** How many hours back a question about metrics goes. */
export const hoursQuery = z.object({
  hours: z.coerce.number().int().min(1).max(168).default(24).openapi({ description: 'Hours to look back' }),
});

export const proxyIdParam = z.object({
  // Of any length: what is too long to be an id is one that there is not.
  proxy_id: z
    .string()
    .min(1)
    .openapi({ param: { name: 'proxy_id', in: 'path' }, example: 'proxy1.example.com:8080' }),
});
