import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { breakerSettings, configJson } from '../json/config.ts';
import { configSchema, configUpdateSchema } from '../schema/config.ts';
import type { ApiServices } from '../services.ts';
import { answer, jsonBody, tokenNeeded, writeErrors } from './answers.ts';

const tags = ['Configuration'];

const read = createRoute({
  method: 'get',
  path: '/config',
  tags,
  summary: 'What is set',
  responses: { 200: answer(configSchema, 'All settings; credentials are none of them') },
});

const update = createRoute({
  method: 'patch',
  path: '/config',
  tags,
  summary: 'Change the circuit breakers of all proxies, at once',
  ...tokenNeeded,
  request: jsonBody(configUpdateSchema),
  responses: { 200: answer(configSchema, 'All settings as they are now'), ...writeErrors },
});

export function configRoutes({ rotator }: ApiServices): OpenAPIHono {
  return new OpenAPIHono()
    .openapi(read, (c) => c.json(configJson(rotator), 200))
    .openapi(update, (c) => {
      rotator.breakerSettings = breakerSettings(c.req.valid('json').circuit_breaker ?? {});
      return c.json(configJson(rotator), 200);
    });
}
