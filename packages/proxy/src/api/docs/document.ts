import type { OpenAPIHono } from '@hono/zod-openapi';
import { version } from '../version.ts';

/** The document of the API, as OpenAPI 3.1. */
export type ApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const description = `Everything that a mulligan gateway knows and can be told, as JSON: times in seconds, names in snake_case. \
An answer that is not a success is \`{"error", "message", "details"}\`.

Reads are open on this machine. Writes, and on other machines reads too, need the token that was printed at the start, \
as \`X-API-Key\` or \`Authorization: Bearer\`.`;

/** Describes all routes of the app. */
export function describeApi(app: OpenAPIHono): ApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  return app.getOpenAPI31Document({
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
}
