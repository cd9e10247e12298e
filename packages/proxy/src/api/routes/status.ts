import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { statusJson } from '../json/status.ts';
import { statusSchema } from '../schema/status.ts';
import type { ApiServices } from '../services.ts';
import { answer } from './answers.ts';

const status = createRoute({
  method: 'get',
  path: '/status',
  operationId: 'getStatus',
  tags: ['Status'],
  summary: 'What runs here, where it listens and how it does',
  responses: { 200: answer(statusSchema, 'The last minute in figures, and sums since the start') },
});

export function statusRoutes(services: ApiServices): OpenAPIHono {
  return new OpenAPIHono().openapi(status, (c) => c.json(statusJson(services), 200));
}
