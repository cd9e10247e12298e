import type { BreakerState } from 'mulligan';

/** A circuit breaker that changed its state. */
export interface BreakerRecord {
  readonly proxyId: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Failures in the window at that moment. */
  readonly failureCount: number;
}

/** Everything in a few numbers; of the last 24 hours. */
export interface RetrySummary {
  /** All attempts, first ones included: ProxyWhirl's name for them. */
  readonly totalRetries: number;
  readonly totalAttempts: number;
  readonly totalRequests: number;
  /** Attempts after the first of their request. */
  readonly retriesOnly: number;
  /** How many requests succeeded with attempt `'0'`, `'1'`, `'2'` … */
  readonly successByAttempt: Readonly<Record<string, number>>;
  /** What retries have taken, the waits before them included. */
  readonly totalRetryLatencyMs: number;
  readonly circuitBreakerEventsCount: number;
  readonly retentionHours: number;
}

/** One hour of a time series. */
export interface TimeseriesPoint {
  /** The hour's start, as ISO 8601. */
  readonly timestamp: string;
  readonly totalRequests: number;
  /** All attempts, first ones included. */
  readonly totalRetries: number;
  /** Successful attempts by attempts, from 0 to 1. */
  readonly successRate: number;
  readonly averageLatencyMs: number;
}

/** One proxy over some hours. */
export interface ProxyRetryStats {
  readonly proxyId: string;
  readonly totalAttempts: number;
  readonly successCount: number;
  readonly failureCount: number;
  readonly averageLatencyMs: number;
  readonly circuitBreakerOpens: number;
}

/** Quantiles of latencies, in milliseconds. */
export interface LatencyQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}
