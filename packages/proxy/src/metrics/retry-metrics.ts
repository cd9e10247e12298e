import { type BreakerState, checkNumber, systemWorld, type World } from 'mulligan';
import type { AttemptRecord } from './attempt-record.ts';
import { HourBucket, type HourlyAggregate } from './hour-bucket.ts';
import { Ring } from './ring.ts';

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

/** Options of {@link RetryMetrics}. */
export interface RetryMetricsOptions {
  /** How many attempts are kept one by one. @default 10 000 */
  readonly maxAttempts?: number;
  /** How many changes of breakers are kept. @default 1000 */
  readonly maxBreakerEvents?: number;
  /** How many hours are kept. @default 24 */
  readonly retentionHours?: number;
  readonly world?: World;
}

const hourMs = 3_600_000;

/**
 * What was tried and how it went: the newest attempts one by one, and sums by the hour. Every attempt is counted
 * once, when it is recorded, so that no reading can count it again. Source: ProxyWhirl.
 */
export class RetryMetrics {
  readonly retentionHours: number;
  readonly #world: World;
  readonly #attempts: Ring<AttemptRecord>;
  readonly #breakerEvents: Ring<BreakerRecord>;
  readonly #hours = new Map<number, HourBucket>();

  constructor(options: RetryMetricsOptions = {}) {
    this.retentionHours = options.retentionHours ?? 24;
    this.#world = options.world ?? systemWorld;
    this.#attempts = new Ring(options.maxAttempts ?? 10_000);
    this.#breakerEvents = new Ring(options.maxBreakerEvents ?? 1000);
  }

  record(attempt: AttemptRecord): void {
    this.#attempts.add(attempt);
    this.#bucketOf(attempt.at).add(attempt);
  }

  recordBreakerEvent(event: BreakerRecord): void {
    this.#breakerEvents.add(event);
    if (event.to === 'open') this.#bucketOf(event.at).addBreakerOpening(event.proxyId);
  }

  /** The attempts of the last hour, oldest first, at most 10 000. */
  get currentAttempts(): readonly AttemptRecord[] {
    const since = this.#world.wallNow() - hourMs;
    return [...this.#attempts].filter(({ at }) => at >= since);
  }

  /** The newest changes of breakers, oldest first, at most 1000. */
  get circuitBreakerEvents(): readonly BreakerRecord[] {
    return [...this.#breakerEvents];
  }

  /** The sums of the last 24 hours, oldest first. */
  get hourlyAggregates(): readonly HourlyAggregate[] {
    return this.#recentHours(this.retentionHours);
  }

  /** Changes of breakers within the last hours, oldest first. */
  getBreakerEvents(hours = 24): readonly BreakerRecord[] {
    const since = this.#world.wallNow() - hours * hourMs;
    return this.circuitBreakerEvents.filter(({ at }) => at >= since);
  }

  getSummary(): RetrySummary {
    const hours = this.#recentHours(this.retentionHours);
    const totalAttempts = sum(hours, (hour) => hour.attempts);
    const totalRequests = sum(hours, (hour) => hour.requests);
    const successByAttempt: Record<string, number> = {};
    for (const hour of hours) {
      for (const [index, count] of hour.successByAttempt.entries()) {
        if (count > 0) successByAttempt[index] = (successByAttempt[index] ?? 0) + count;
      }
    }
    return {
      totalRetries: totalAttempts,
      totalAttempts,
      totalRequests,
      retriesOnly: totalAttempts - totalRequests,
      successByAttempt,
      circuitBreakerEventsCount: this.#breakerEvents.length,
      retentionHours: this.retentionHours,
    };
  }

  /** One point for each hour in which something happened, oldest first. */
  getTimeseries(hours = 24): readonly TimeseriesPoint[] {
    return this.#recentHours(hours).map((hour) => ({
      timestamp: new Date(hour.hourAt).toISOString(),
      totalRequests: hour.requests,
      totalRetries: hour.attempts,
      successRate: hour.successRate,
      averageLatencyMs: hour.averageLatencyMs,
    }));
  }

  /** What each proxy did in the last hours. */
  getByProxy(hours = 24): ReadonlyMap<string, ProxyRetryStats> {
    const sums = new Map<string, { attempts: number; successes: number; failures: number; ms: number; opens: number }>();
    for (const { byProxy } of this.#recentHours(hours)) {
      for (const [id, tally] of byProxy) {
        const known = sums.get(id) ?? { attempts: 0, successes: 0, failures: 0, ms: 0, opens: 0 };
        known.attempts += tally.attempts;
        known.successes += tally.successes;
        known.failures += tally.failures;
        known.ms += tally.latencySumMs;
        known.opens += tally.breakerOpens;
        sums.set(id, known);
      }
    }
    const stats = new Map<string, ProxyRetryStats>();
    for (const [proxyId, { attempts, successes, failures, ms, opens }] of sums) {
      stats.set(proxyId, {
        proxyId,
        totalAttempts: attempts,
        successCount: successes,
        failureCount: failures,
        averageLatencyMs: attempts === 0 ? 0 : ms / attempts,
        circuitBreakerOpens: opens,
      });
    }
    return stats;
  }

  /** Quantiles of the latencies of the newest successful attempts; `undefined` when there is none. */
  getLatencies(newest = 1000): LatencyQuantiles | undefined {
    const latencies: number[] = [];
    for (const { outcome, latencyMs } of this.#attempts.newestFirst()) {
      if (outcome === 'success') latencies.push(latencyMs);
      if (latencies.length === newest) break;
    }
    if (latencies.length === 0) return undefined;
    latencies.sort((a, b) => a - b);
    const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] ?? 0;
    return { count: latencies.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }

  /** Forgets hours that are too old. Sums are always current: nothing waits for this call. */
  aggregateHourly(): void {
    const oldest = this.#hourOf(this.#world.wallNow()) - (this.retentionHours - 1) * hourMs;
    for (const hourAt of this.#hours.keys()) if (hourAt < oldest) this.#hours.delete(hourAt);
  }

  #bucketOf(at: number): HourBucket {
    const hourAt = this.#hourOf(at);
    let bucket = this.#hours.get(hourAt);
    if (bucket === undefined) {
      bucket = new HourBucket(hourAt);
      this.#hours.set(hourAt, bucket);
      this.aggregateHourly();
    }
    return bucket;
  }

  #hourOf(at: number): number {
    return Math.floor(at / hourMs) * hourMs;
  }

  #recentHours(hours: number): HourBucket[] {
    const since = this.#world.wallNow() - hours * hourMs;
    return [...this.#hours.values()].filter(({ hourAt }) => hourAt >= since).sort((a, b) => a.hourAt - b.hourAt);
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
