import { checkNumber, systemWorld, type World } from 'mulligan';
import type { BreakerRecord, LatencyQuantiles, ProxyRetryStats, RetrySummary, TimeseriesPoint } from './answers.ts';
import type { AttemptRecord } from './attempt-record.ts';
import { addTallies, HourBucket, type HourlyAggregate, type HourSnapshot, type ProxyTally } from './hour-bucket.ts';
import { Ring } from './ring.ts';

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

/** What metrics remember beyond their process. */
export interface MetricsSnapshot {
  readonly hours: readonly HourSnapshot[];
  readonly breakerEvents: readonly BreakerRecord[];
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
    const { maxAttempts = 10_000, maxBreakerEvents = 1000, retentionHours = 24, world = systemWorld } = options;
    const atLeastOne = { min: 1, max: 1_000_000, whole: true };
    this.retentionHours = checkNumber('retentionHours', retentionHours, atLeastOne);
    this.#world = world;
    this.#attempts = new Ring(checkNumber('maxAttempts', maxAttempts, atLeastOne));
    this.#breakerEvents = new Ring(checkNumber('maxBreakerEvents', maxBreakerEvents, atLeastOne));
  }

  /** Counts an attempt that has ended. */
  record(attempt: AttemptRecord): void {
    this.#attempts.add(attempt);
    this.#bucketOf(attempt.at).add(attempt);
  }

  /** Counts a change of a breaker. */
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

  /** Everything in a few numbers. */
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
      totalRetryLatencyMs: sum(hours, (hour) => hour.retryMs),
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

  /** What each proxy did in the last hours, by its id. */
  getByProxy(hours = 24): ReadonlyMap<string, ProxyRetryStats> {
    const sums = new Map<string, ProxyTally>();
    for (const { byProxy } of this.#recentHours(hours)) {
      for (const [id, tally] of byProxy) sums.set(id, addTallies(sums.get(id), tally));
    }
    return new Map([...sums].map(([id, tally]) => [id, statsOf(id, tally)]));
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

  /** The sums of all hours since that moment, and the changes of breakers, to be written down. */
  snapshot(sinceAt = 0): MetricsSnapshot {
    const hours = [...this.#hours.values()].filter(({ hourAt }) => hourAt >= this.#hourOf(sinceAt));
    return { hours: hours.map((hour) => hour.snapshot()), breakerEvents: this.circuitBreakerEvents };
  }

  /** Takes up what was written down. What is too old is left out, and so are hours that have begun here, too. */
  restore({ hours, breakerEvents }: MetricsSnapshot): void {
    for (const hour of hours) {
      if (!this.#hours.has(hour.hourAt)) this.#hours.set(hour.hourAt, HourBucket.from(hour));
    }
    const newer = this.circuitBreakerEvents;
    this.#breakerEvents.clear();
    for (const event of [...breakerEvents, ...newer]) this.#breakerEvents.add(event);
    this.aggregateHourly();
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

function statsOf(
  proxyId: string,
  { attempts, successes, failures, latencySumMs, breakerOpens }: ProxyTally,
): ProxyRetryStats {
  return {
    proxyId,
    totalAttempts: attempts,
    successCount: successes,
    failureCount: failures,
    averageLatencyMs: attempts === 0 ? 0 : latencySumMs / attempts,
    circuitBreakerOpens: breakerOpens,
  };
}
