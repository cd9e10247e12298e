/** What was tried, and how it went. */
export type { BreakerRecord, LatencyQuantiles, ProxyRetryStats, RetrySummary, TimeseriesPoint } from './answers.ts';
export type { AttemptOutcome, AttemptRecord } from './attempt-record.ts';
export type { HourlyAggregate, HourSnapshot, ProxyTally } from './hour-bucket.ts';
export { type MetricsSnapshot, RetryMetrics, type RetryMetricsOptions } from './retry-metrics.ts';
export { type PersistedMetrics, persistMetrics, type PersistOptions } from './persist-metrics.ts';
