import type { ProxyRetryStats, RetrySummary, TimeseriesPoint } from '../../metrics/index.ts';
import type { ProxyStatsJson, SummaryJson, TimeseriesPointJson } from '../schema/metrics.ts';
import { toSeconds } from './number.ts';

export function summaryJson(summary: RetrySummary): SummaryJson {
  return {
    total_retries: summary.totalRetries,
    success_by_attempt: { ...summary.successByAttempt },
    circuit_breaker_events_count: summary.circuitBreakerEventsCount,
    retention_hours: summary.retentionHours,
    total_attempts: summary.totalAttempts,
    total_requests: summary.totalRequests,
    retries_only: summary.retriesOnly,
  };
}

export function timeseriesPointJson(point: TimeseriesPoint): TimeseriesPointJson {
  return {
    timestamp: point.timestamp,
    total_requests: point.totalRequests,
    total_retries: point.totalRetries,
    success_rate: point.successRate,
    avg_latency: toSeconds(point.averageLatencyMs),
  };
}

export function proxyStatsJson(stats: ProxyRetryStats): ProxyStatsJson {
  return {
    proxy_id: stats.proxyId,
    total_attempts: stats.totalAttempts,
    success_count: stats.successCount,
    failure_count: stats.failureCount,
    avg_latency: toSeconds(stats.averageLatencyMs),
    circuit_breaker_opens: stats.circuitBreakerOpens,
  };
}
