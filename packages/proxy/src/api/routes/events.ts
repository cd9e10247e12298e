import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiServices } from '../services.ts';

const description = `Server-sent events. The stream begins with \`status\`. A client that sends the id of the last event that it \
received as \`Last-Event-ID\` gets what it missed, or \`reset\` where that is no longer known: then it reads everything anew.

| event | data | id |
|---|---|---|
| \`request\` | a request that has ended, as in \`/requests\`; at most 100 a second | yes |
| \`breaker\` | a breaker that changed its state, as in \`/circuit-breakers/metrics\` | yes |
| \`proxy.added\`, \`proxy.updated\`, \`proxy.removed\` | \`{"proxy_id": …}\` | yes |
| \`proxy.checked\` | what a check of a proxy has found; at most 100 a second | yes |
| \`policy\` | the new retry policy | yes |
| \`config\` | the settings, when they were changed by way of this API | yes |
| \`status\` | as in \`/status\`, every second | no |
| \`proxies\` | the proxies that changed within the last second, as in \`/proxies\` | no |
| \`reset\` | \`{}\` | no |`;

const events = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'streamEvents',
  tags: ['Status'],
  summary: 'What happens, as it happens',
  description,
  request: {
    headers: z.object({
      'last-event-id': z.string().optional().openapi({ description: 'The last event that was received' }),
    }),
  },
  responses: {
    200: {
      description: 'The stream; a line comes at least every 15 s',
      content: {
        'text/event-stream': { schema: z.string().openapi({ description: 'The data of each event is in `Events`' }) },
      },
    },
  },
});

export function eventRoutes({ broadcaster }: ApiServices): OpenAPIHono {
  return new OpenAPIHono().openapi(events, (c) => {
    const stream = broadcaster.open(c.req.valid('header')['last-event-id']);
    return c.body(stream, 200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
  });
}
