import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { InvalidOptionError } from 'mulligan';
import { parseProxyUrl } from '../../address/index.ts';
import type { Proxy } from '../../pool/index.ts';
import { ApiError, invalid } from '../error.ts';
import { conditionOf, proxyJson, proxySettings } from '../json/proxy.ts';
import { errorSchema } from '../schema/error.ts';
import { proxyIdParam } from '../schema/parts.ts';
import {
  type ProxiesQuery,
  proxiesQuery,
  proxiesSchema,
  proxyCreateSchema,
  proxySchema,
  proxyUpdateSchema,
} from '../schema/proxy.ts';
import type { ApiServices } from '../services.ts';
import { answer, badRequest, jsonBody, notFound, tokenNeeded, writeErrors } from './answers.ts';
import { findProxy } from './find-proxy.ts';

const tags = ['Proxies'];

const list = createRoute({
  method: 'get',
  path: '/proxies',
  operationId: 'listProxies',
  tags,
  summary: 'All proxies with their breakers and figures',
  request: { query: proxiesQuery },
  responses: { 200: answer(proxiesSchema, 'In the order in which they were added'), ...badRequest },
});

const add = createRoute({
  method: 'post',
  path: '/proxies',
  operationId: 'addProxy',
  tags,
  summary: 'Add a proxy',
  ...tokenNeeded,
  request: jsonBody(proxyCreateSchema),
  responses: {
    201: answer(proxySchema, 'The proxy'),
    ...badRequest,
    ...writeErrors,
    409: answer(errorSchema, 'There is a proxy of that id already'),
  },
});

const one = createRoute({
  method: 'get',
  path: '/proxies/{proxy_id}',
  operationId: 'getProxy',
  tags,
  summary: 'One proxy',
  request: { params: proxyIdParam },
  responses: { 200: answer(proxySchema, 'The proxy'), ...notFound },
});

const update = createRoute({
  method: 'patch',
  path: '/proxies/{proxy_id}',
  operationId: 'updateProxy',
  tags,
  summary: 'Change a proxy, pause it (`"paused": true`) or let it work again; its figures and breaker stay',
  ...tokenNeeded,
  request: { params: proxyIdParam, ...jsonBody(proxyUpdateSchema) },
  responses: { 200: answer(proxySchema, 'The proxy as it is now'), ...badRequest, ...writeErrors, ...notFound },
});

const remove = createRoute({
  method: 'delete',
  path: '/proxies/{proxy_id}',
  operationId: 'removeProxy',
  tags,
  summary: 'Take a proxy out; requests that use it run to their end',
  ...tokenNeeded,
  request: { params: proxyIdParam },
  responses: { 204: { description: 'It is gone' }, ...writeErrors, ...notFound },
});

export function proxyRoutes({ rotator, world, recorder }: ApiServices): OpenAPIHono {
  const { pool } = rotator;
  const show = (proxy: Proxy) => proxyJson(proxy, world, recorder);
  return new OpenAPIHono()
    .openapi(list, (c) => {
      const query = c.req.valid('query');
      const { offset, limit = pool.size } = query;
      const found = pool.list().filter((proxy) => isAskedFor(proxy, query));
      return c.json({ proxies: found.slice(offset, offset + limit).map(show), total: found.length }, 200);
    })
    .openapi(add, (c) => {
      const { id: given, url, ...settings } = c.req.valid('json');
      const id = given ?? readingUrl(() => parseProxyUrl(url).id);
      if (pool.has(id)) throw new ApiError('PROXY_ALREADY_EXISTS', `Proxy already exists: ${id}`);
      const proxy = readingUrl(() => rotator.addProxy({ ...proxySettings(settings), url, id }));
      c.header('Location', `/api/v1/proxies/${encodeURIComponent(id)}`);
      return c.json(show(proxy), 201);
    })
    .openapi(one, (c) => c.json(show(findProxy(pool, c.req.valid('param').proxy_id)), 200))
    .openapi(update, (c) => {
      const { id } = findProxy(pool, c.req.valid('param').proxy_id);
      const changes = proxySettings(c.req.valid('json'));
      return c.json(show(readingUrl(() => pool.update(id, changes))), 200);
    })
    .openapi(remove, (c) => {
      const { id } = findProxy(pool, c.req.valid('param').proxy_id);
      rotator.removeProxy(id);
      return c.body(null, 204);
    });
}

function isAskedFor(proxy: Proxy, { condition, region, tag }: ProxiesQuery): boolean {
  if (region !== undefined && proxy.region !== region) return false;
  if (tag !== undefined && !proxy.tags.includes(tag)) return false;
  return condition === undefined || conditionOf(proxy) === condition;
}

/** What is wrong with an address is wrong with the field `url`. */
function readingUrl<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidOptionError && error.option === 'proxy' ? invalid('url', error.message) : error;
  }
}
