import type { Proxy, ProxyPool } from '../../pool/index.ts';
import { ApiError } from '../error.ts';

/** The proxy with this id. @throws {ApiError} when there is none; `what` is what was asked for */
export function findProxy(pool: ProxyPool, id: string, what = 'Proxy not found'): Proxy {
  const proxy = pool.get(id);
  if (proxy === undefined) throw new ApiError('PROXY_NOT_FOUND', `${what}: ${id}`);
  return proxy;
}
