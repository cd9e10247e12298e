/** The REST API, its events and its pages. */
export { type Api, createApi } from './api.ts';
export { createToken } from './guard/token.ts';
export type { ApiOptions, AuditEntry, DemoInfo, ServerAddresses } from './options.ts';
export type { BreakerEventJson, CircuitBreakerJson } from './schema/breaker.ts';
export type { Call } from './schema/call.ts';
export type { CheckJson } from './schema/check.ts';
export type { ConfigJson } from './schema/config.ts';
export type { HistoryPoint } from './schema/history.ts';
export type { PolicyJson } from './schema/policy.ts';
export type { ProxyRow } from './schema/proxy.ts';
export type { ProxyStatsJson } from './schema/metrics.ts';
export type { Status } from './schema/status.ts';
