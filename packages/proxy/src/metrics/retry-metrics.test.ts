import fc from 'fast-check';
import { virtualWorld } from 'mulligan/testing';
import { describe, expect, test } from 'vitest';
import { type AttemptRecord, RetryMetrics } from './index.ts';

const start = Date.UTC(2030, 0, 15, 12, 30);

function metricsAt(at = start): {
  metrics: RetryMetrics;
  world: ReturnType<typeof virtualWorld>;
  attempt: (changes?: Partial<AttemptRecord>) => void;
} {
  const world = virtualWorld({ startAt: at });
  const metrics = new RetryMetrics({ world });
  const attempt = (changes: Partial<AttemptRecord> = {}): void =>
    metrics.record({
      requestId: 'r',
      attemptNumber: 0,
      proxyId: 'a:1',
      at: world.wallNow(),
      outcome: 'success',
      delayBeforeMs: 0,
      latencyMs: 100,
      ...changes,
    });
  return { metrics, world, attempt };
}

test('the summary counts attempts, requests, and successes by attempt', () => {
  const { metrics, attempt } = metricsAt();
  for (let i = 0; i < 850; i++) attempt();
  for (let i = 0; i < 120; i++) {
    attempt({ outcome: 'failure' });
    attempt({ attemptNumber: 1, delayBeforeMs: 900 });
  }
  expect(metrics.getSummary()).toEqual({
    totalRetries: 1090,
    totalAttempts: 1090,
    totalRequests: 970,
    retriesOnly: 120,
    successByAttempt: { 0: 850, 1: 120 },
    totalRetryLatencyMs: 120_000,
    circuitBreakerEventsCount: 0,
    retentionHours: 24,
  });
});

test('looking and aggregating change nothing, however often', () => {
  const { metrics, attempt } = metricsAt();
  attempt();
  const look = (): unknown => [metrics.getSummary(), metrics.getTimeseries(), [...metrics.getByProxy()]];
  const before = look();
  for (let i = 0; i < 5; i++) metrics.aggregateHourly();
  expect(look()).toEqual(before);
});

test('the time series has one point for each hour, oldest first', async () => {
  const { metrics, world, attempt } = metricsAt();
  attempt({ latencyMs: 100 });
  attempt({ latencyMs: 300, outcome: 'failure' });
  await world.advance('1h');
  attempt({ attemptNumber: 1, latencyMs: 50 });
  const points = [
    {
      timestamp: '2030-01-15T12:00:00.000Z',
      totalRequests: 2,
      totalRetries: 2,
      successRate: 0.5,
      averageLatencyMs: 200,
    },
    { timestamp: '2030-01-15T13:00:00.000Z', totalRequests: 0, totalRetries: 1, successRate: 1, averageLatencyMs: 50 },
  ];
  expect(metrics.getTimeseries()).toEqual(points);
  expect(metrics.getTimeseries(1)).toEqual(points.slice(1));
});

test('each proxy has its own figures, its breaker’s openings among them', () => {
  const { metrics, attempt, world } = metricsAt();
  attempt({ proxyId: 'a:1', latencyMs: 100 });
  attempt({ proxyId: 'a:1', latencyMs: 200, outcome: 'timeout' });
  attempt({ proxyId: 'b:1', outcome: 'cancelled' });
  metrics.recordBreakerEvent({ proxyId: 'a:1', from: 'closed', to: 'open', at: world.wallNow(), failureCount: 5 });
  metrics.recordBreakerEvent({ proxyId: 'a:1', from: 'open', to: 'half_open', at: world.wallNow(), failureCount: 5 });
  expect([...metrics.getByProxy().values()]).toEqual([
    {
      proxyId: 'a:1',
      totalAttempts: 2,
      successCount: 1,
      failureCount: 1,
      averageLatencyMs: 150,
      circuitBreakerOpens: 1,
    },
    {
      proxyId: 'b:1',
      totalAttempts: 1,
      successCount: 0,
      failureCount: 0,
      averageLatencyMs: 100,
      circuitBreakerOpens: 0,
    },
  ]);
  expect(metrics.getBreakerEvents()).toHaveLength(2);
});

test('quantiles are those of the newest successes', () => {
  const { metrics, attempt } = metricsAt();
  expect(metrics.getLatencies()).toBeUndefined();
  for (let latencyMs = 1; latencyMs <= 200; latencyMs++) attempt({ latencyMs });
  attempt({ latencyMs: 9999, outcome: 'failure' });
  expect(metrics.getLatencies(100)).toEqual({ count: 100, p50: 150, p95: 195, p99: 199 });
});

describe('what is kept', () => {
  test('is the last hour of attempts, 24 hours of sums and the newest thousand changes of breakers', async () => {
    const { metrics, world, attempt } = metricsAt();
    for (let hour = 0; hour < 30; hour++) {
      attempt();
      for (let i = 0; i < 50; i++)
        metrics.recordBreakerEvent({
          proxyId: 'a:1',
          from: 'closed',
          to: 'open',
          at: world.wallNow(),
          failureCount: 5,
        });
      await world.advance('1h');
    }
    expect(metrics.currentAttempts.length).toBe(1);
    expect(metrics.hourlyAggregates.length).toBe(23);
    expect(metrics.circuitBreakerEvents.length).toBe(1000);
    expect(metrics.getSummary().totalAttempts).toBe(23);
  });

  test('is bounded, whatever comes', () => {
    const { metrics, attempt } = metricsAt();
    for (let i = 0; i < 25_000; i++) attempt({ requestId: `${i}`, proxyId: `${i}:1` });
    expect(metrics.currentAttempts.length).toBe(10_000);
    expect(metrics.currentAttempts.at(-1)?.requestId).toBe('24999');
    const byProxy = metrics.getByProxy();
    expect(byProxy.size).toBeLessThanOrEqual(2001);
    expect([...byProxy.values()].reduce((sum, { totalAttempts }) => sum + totalAttempts, 0)).toBe(25_000);
    expect(metrics.getSummary().totalAttempts).toBe(25_000);
  });
});

test('all answers agree with one another, whatever was recorded', () => {
  const record = fc.record({
    attemptNumber: fc.nat({ max: 4 }),
    proxyId: fc.constantFrom('a:1', 'b:1'),
    outcome: fc.constantFrom('success', 'failure', 'timeout', 'cancelled'),
    minute: fc.nat({ max: 600 }),
    latencyMs: fc.nat({ max: 5000 }),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 60 }), (records) => {
      const { metrics, attempt } = metricsAt();
      for (const { minute, ...rest } of records) attempt({ ...rest, at: start - minute * 60_000 });
      const { totalAttempts, totalRequests, successByAttempt } = metrics.getSummary();
      const series = metrics.getTimeseries();
      const proxies = [...metrics.getByProxy().values()];
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      expect(totalAttempts).toBe(records.length);
      expect(sum(series.map((point) => point.totalRetries))).toBe(records.length);
      expect(sum(series.map((point) => point.totalRequests))).toBe(totalRequests);
      expect(sum(proxies.map((proxy) => proxy.totalAttempts))).toBe(records.length);
      const successes = records.filter(({ outcome }) => outcome === 'success').length;
      expect(sum(Object.values(successByAttempt))).toBe(successes);
      expect(sum(proxies.map((proxy) => proxy.successCount))).toBe(successes);
      expect(series.map(({ timestamp }) => timestamp)).toEqual(series.map(({ timestamp }) => timestamp).toSorted());
    }),
  );
});
