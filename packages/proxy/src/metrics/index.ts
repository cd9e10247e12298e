/** What was tried, and how it went. */
export type { AttemptOutcome, AttemptRecord } from './attempt-record.ts';
export type { HourlyAggregate, ProxyTally } from './hour-bucket.ts';
export {
  type BreakerRecord,
  type LatencyQuantiles,
  type ProxyRetryStats,
  RetryMetrics,
  type RetryMetricsOptions,
  type RetrySummary,
  type TimeseriesPoint,
} from './retry-metrics.ts';
