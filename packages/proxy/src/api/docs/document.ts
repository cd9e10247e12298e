import { type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import { eventsSchema } from '../schema/event.ts';
import { version } from '../version.ts';
import { addCommonErrors } from './common-errors.ts';

/** The document of the API, as OpenAPI 3.1. */
export type ApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const description = `Everything that a mulligan gateway knows and can be told, as JSON: times in seconds, names in snake_case. \
An answer that is not a success is \`{"error", "message", "details"}\`.

Reads are open on this machine. Writes, and on other machines reads too, need the token that was printed at the start, \
as \`X-API-Key\` or \`Authorization: Bearer\`. Every route can answer 403 and 500, and every one but \`/health\` and \`/ready\` \
401 and 429.`;

const prometheusRoute: RouteConfig = {
  method: 'get',
  path: '/metrics',
  operationId: 'getPrometheusMetrics',
  tags: ['Status'],
  summary: 'Everything that is counted, in the text format of Prometheus',
  responses: { 200: { description: 'The metrics', content: { 'text/plain': { schema: z.string() } } } },
};

/** Describes all routes of the app. */
export function describeApi(app: OpenAPIHono): ApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.register('Events', eventsSchema);
  app.openAPIRegistry.registerPath(prometheusRoute);
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'mulligan',
      version,
      description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      'Status',
      'Requests',
      'Proxies',
      'Circuit breakers',
      'Retry policy',
      'Retry metrics',
      'Configuration',
      'Health',
    ].map((name) => ({ name })),
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const { responses } of Object.values(item as Record<string, Operation>)) addCommonErrors(path, responses);
  }
  return document;
}

interface Operation {
  readonly responses: Record<string, object>;
}
