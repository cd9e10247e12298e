import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { RetryPolicy, type RetryPolicyJson } from '../../policy/index.ts';
import { policyJson } from '../json/policy.ts';
import { policySchema, policyUpdateSchema } from '../schema/policy.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, jsonBody, tokenNeeded, writeErrors } from './answers.ts';

const tags = ['Retry policy'];

const read = createRoute({
  method: 'get',
  path: '/retry/policy',
  operationId: 'getRetryPolicy',
  tags,
  summary: 'The retry policy of all requests that bring none of their own',
  responses: { 200: answer(policySchema, 'The policy') },
});

const update = createRoute({
  method: 'put',
  path: '/retry/policy',
  operationId: 'updateRetryPolicy',
  tags,
  summary: 'Change the retry policy, wholly or in part; in force for the next request',
  ...tokenNeeded,
  request: jsonBody(policyUpdateSchema),
  responses: { 200: answer(policySchema, 'The policy as it is now'), ...badRequest, ...writeErrors },
});

export function policyRoutes({ rotator }: ApiServices): OpenAPIHono {
  return new OpenAPIHono()
    .openapi(read, (c) => c.json(policyJson(rotator), 200))
    .openapi(update, (c) => {
      const changes = c.req.valid('json') as Partial<RetryPolicyJson>;
      rotator.retryPolicy = RetryPolicy.fromJson(changes, rotator.retryPolicy);
      return c.json(policyJson(rotator), 200);
    });
}
