import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { breakerSettings, configJson } from '../json/config.ts';
import { configSchema, configUpdateSchema } from '../schema/config.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, jsonBody, tokenNeeded, writeErrors } from './answers.ts';

const tags = ['Configuration'];

const read = createRoute({
  method: 'get',
  path: '/config',
  operationId: 'getConfig',
  tags,
  summary: 'What is set',
  responses: { 200: answer(configSchema, 'All settings; credentials are none of them') },
});

const update = createRoute({
  method: 'patch',
  path: '/config',
  operationId: 'updateConfig',
  tags,
  summary: 'Change how proxies are chosen, and the circuit breakers of all of them, at once',
  ...tokenNeeded,
  request: jsonBody(configUpdateSchema),
  responses: { 200: answer(configSchema, 'All settings as they are now'), ...badRequest, ...writeErrors },
});

export function configRoutes({ rotator, health, broadcaster }: ApiServices): OpenAPIHono {
  return new OpenAPIHono()
    .openapi(read, (c) => c.json(configJson(rotator, health), 200))
    .openapi(update, (c) => {
      const { circuit_breaker: breaker, strategy, retry_strategy: retryStrategy } = c.req.valid('json');
      if (breaker !== undefined) rotator.breakerSettings = breakerSettings(breaker);
      if (strategy !== undefined) rotator.strategy = strategy;
      if (retryStrategy !== undefined) rotator.retryStrategy = retryStrategy;
      const config = configJson(rotator, health);
      broadcaster.publish('config', config);
      return c.json(config, 200);
    });
}
