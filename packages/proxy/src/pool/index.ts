/** The proxies and their state. */
export type { ExportOptions } from './format-proxies.ts';
export type { LeaseResult, ProxyLease } from './lease.ts';
export type { LoadOptions, LoadReport } from './load-proxies.ts';
export {
  type ListedProxy,
  parseProxies,
  type ProxyList,
  type ProxyListFormat,
  type ProxyListProblem,
  type ProxyListSource,
} from './parse-proxies.ts';
export type { PoolChangedEvent, PoolEvent, ProxyBreakerEvent } from './pool-event.ts';
export { type Availability, Proxy, type Unavailability } from './proxy.ts';
export { ProxyPool, type ProxyPoolOptions, type PoolWatcher } from './proxy-pool.ts';
export type { ProxyRecord } from './proxy-record.ts';
export type { ProxyStats } from './proxy-stats.ts';
export type { ProxySettings } from './settings.ts';
export { type WatchedProxies, type WatchOptions, watchProxies } from './watch-proxies.ts';
