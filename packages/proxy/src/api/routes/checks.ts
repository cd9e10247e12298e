import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { checkJson, checkOptions } from '../json/check.ts';
import { checkRequestSchema, checkSchema } from '../schema/check.ts';
import { proxyIdParam } from '../schema/parts.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, notFound, tokenNeeded, writeErrors } from './answers.ts';
import { findProxy } from './find-proxy.ts';

const check = createRoute({
  method: 'post',
  path: '/proxies/{proxy_id}/check',
  operationId: 'checkProxy',
  tags: ['Proxies'],
  summary: 'Check a proxy now; what is found counts for its breaker, and one that works is back in use at once',
  ...tokenNeeded,
  request: {
    params: proxyIdParam,
    body: { required: false, content: { 'application/json': { schema: checkRequestSchema } } },
  },
  responses: { 200: answer(checkSchema, 'What was found, good or bad'), ...badRequest, ...writeErrors, ...notFound },
});

export function checkRoutes({ rotator }: ApiServices): OpenAPIHono {
  return new OpenAPIHono().openapi(check, async (c) => {
    const { id } = findProxy(rotator.pool, c.req.valid('param').proxy_id);
    return c.json(checkJson(await rotator.checkProxy(id, checkOptions(c.req.valid('json')))), 200);
  });
}
