import { z } from '@hono/zod-openapi';
import { breakerEventSchema } from './breaker.ts';
import { callSchema } from './call.ts';
import { checkSchema } from './check.ts';
import { configSchema } from './config.ts';
import { proxyId } from './parts.ts';
import { policySchema } from './policy.ts';
import { changedProxiesSchema } from './proxy.ts';
import { statusSchema } from './status.ts';

const changedProxy = z.strictObject({ proxy_id: proxyId });

/** The data of each server-sent event, by its type. No answer is of this form: it is there for clients. */
export const eventsSchema = z
  .strictObject({
    request: callSchema,
    breaker: breakerEventSchema,
    'proxy.added': changedProxy,
    'proxy.updated': changedProxy,
    'proxy.removed': changedProxy,
    'proxy.checked': checkSchema,
    policy: policySchema,
    config: configSchema,
    status: statusSchema,
    proxies: changedProxiesSchema,
    reset: z.strictObject({}),
  })
  .partial()
  .openapi('Events', { description: 'The `data` of the events of `/api/v1/events`, by their `event`' });
