import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

async function withTraffic() {
  const api = testApi({}, { budget: null, strategy: 'round-robin' });
  await api.request(200);
  await api.request(503, 200);
  await api.request(503, 503, 503);
  return api;
}

test('the summary counts how many attempts the successes took', async () => {
  const { ask } = await withTraffic();
  expect((await ask('GET', '/api/v1/metrics/retries')).body).toEqual({
    total_retries: 6,
    success_by_attempt: { '0': 1, '1': 1 },
    circuit_breaker_events_count: 0,
    retention_hours: 24,
    total_attempts: 6,
    total_requests: 3,
    retries_only: 3,
  });
});

test('the time series has a point for the hour', async () => {
  const { ask } = await withTraffic();
  const { data_points: points } = (await ask('GET', '/api/v1/metrics/retries/timeseries?hours=24')).body;
  expect(points).toMatchObject([{ timestamp: '2030-01-01T00:00:00.000Z', total_requests: 3, total_retries: 6 }]);
  expect(points[0].success_rate).toBeCloseTo(2 / 6);
});

test('each proxy has its share', async () => {
  const { ask } = await withTraffic();
  const { proxies } = (await ask('GET', '/api/v1/metrics/retries/by-proxy')).body;
  expect(Object.keys(proxies).sort()).toEqual(['a.test:1', 'b.test:2']);
  const sum = (field: string) => proxies['a.test:1'][field] + proxies['b.test:2'][field];
  expect([sum('total_attempts'), sum('success_count'), sum('failure_count')]).toEqual([6, 2, 4]);
});

test.each(['timeseries', 'by-proxy'])('%s takes 1 to 168 hours', async (name) => {
  const { ask } = testApi();
  expect((await ask('GET', `/api/v1/metrics/retries/${name}?hours=168`)).status).toBe(200);
  expect((await ask('GET', `/api/v1/metrics/retries/${name}?hours=169`)).body).toMatchObject({
    details: { hours: 'Input should be less than or equal to 168' },
  });
  expect((await ask('GET', `/api/v1/metrics/retries/${name}?hours=-1`)).status).toBe(400);
});

test('24 hours of 1000 proxies are answered whole', async () => {
  const { ask, rotator, world } = testApi();
  const metrics = rotator.getRetryMetrics();
  for (let attempt = 0; attempt < 100_000; attempt++) {
    metrics.record({
      requestId: String(attempt),
      attemptNumber: 0,
      proxyId: `proxy-${attempt % 1000}:1`,
      at: world.wallNow() - (attempt % 24) * 3_600_000,
      outcome: 'success',
      delayBeforeMs: 0,
      latencyMs: 10,
    });
  }
  const { proxies } = (await ask('GET', '/api/v1/metrics/retries/by-proxy?hours=24')).body;
  expect(Object.keys(proxies)).toHaveLength(1000);
  const { data_points: points } = (await ask('GET', '/api/v1/metrics/retries/timeseries')).body;
  expect(points).toHaveLength(24);
});
