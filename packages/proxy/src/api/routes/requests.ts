import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { ApiError } from '../error.ts';
import { callSchema, callsQuery, callsSchema } from '../schema/call.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, notFound } from './answers.ts';

const tags = ['Requests'];

const list = createRoute({
  method: 'get',
  path: '/requests',
  operationId: 'listRequests',
  tags,
  summary: 'The newest requests with all of their attempts',
  request: { query: callsQuery },
  responses: { 200: answer(callsSchema, 'Newest first; the last 500 are kept'), ...badRequest },
});

const one = createRoute({
  method: 'get',
  path: '/requests/{request_id}',
  operationId: 'getRequest',
  tags,
  summary: 'One of the newest requests',
  request: {
    params: z.object({
      request_id: z
        .string()
        .min(1)
        .openapi({ param: { name: 'request_id', in: 'path' } }),
    }),
  },
  responses: { 200: answer(callSchema, 'The request'), ...notFound },
});

export function requestRoutes({ recorder: { calls } }: ApiServices): OpenAPIHono {
  return new OpenAPIHono()
    .openapi(list, (c) => {
      const { limit, outcome } = c.req.valid('query');
      return c.json({ requests: calls.list(limit, outcome), kept: calls.size }, 200);
    })
    .openapi(one, (c) => {
      const { request_id: id } = c.req.valid('param');
      const call = calls.get(id);
      if (call === undefined) throw new ApiError('REQUEST_NOT_FOUND', `Request not found among the newest: ${id}`);
      return c.json(call, 200);
    });
}
