import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const path = '/api/v1/metrics/history';
const hourMs = 3_600_000;

test('the minutes since the start are answered one by one', async () => {
  const { ask, request, world } = testApi({}, { budget: null, strategy: 'round-robin' });
  await request(200);
  await world.advance('1m');
  await request(503, 200);
  await request(503, 503, 503);
  const { points } = (await ask('GET', path)).body;
  expect(points).toMatchObject([
    { timestamp: '2030-01-01T00:00:00.000Z', duration: 60, requests: 1, success_rate: 1, retries: 0 },
    { timestamp: '2030-01-01T00:01:00.000Z', duration: 60, requests: 2, failures: 1, success_rate: 0.5, retries: 3 },
  ]);
});

test('a breaker that opens is counted in its minute', async () => {
  const { ask, request } = testApi({}, { proxies: ['http://a.test:1'], circuitBreaker: { failures: 1 }, budget: null });
  await request(503);
  const { points } = (await ask('GET', path)).body;
  expect(points.map((point: { breaker_opens: number }) => point.breaker_opens)).toEqual([1]);
});

test('what was before the start is answered by the hour', async () => {
  const { ask, rotator, world } = testApi();
  const at = world.wallNow() - 2 * hourMs;
  const tally = { attempts: 12, successes: 9, failures: 3, latencySumMs: 1200, breakerOpens: 1 };
  const hour = { hourAt: at, requests: 10, successByAttempt: [8, 1], byProxy: [['a.test:1', tally]] } as const;
  rotator.getRetryMetrics().restore({ hours: [hour], breakerEvents: [] });
  expect((await ask('GET', path)).body.points).toEqual([
    {
      timestamp: '2029-12-31T22:00:00.000Z',
      duration: 3600,
      requests: 10,
      failures: 1,
      success_rate: 0.9,
      retries: 2,
      latency: 0.1,
      latency_p95: null,
      breaker_opens: 1,
    },
  ]);
  expect((await ask('GET', `${path}?hours=1`)).body.points).toEqual([]);
});

test('one proxy is answered by the hour', async () => {
  const { ask, request } = testApi({}, { budget: null, strategy: 'round-robin' });
  await request(503, 200);
  const { points } = (await ask('GET', `${path}?proxy_id=a.test:1`)).body;
  expect(points).toMatchObject([{ duration: 3600, requests: 1, retries: null }]);
  expect((await ask('GET', `${path}?proxy_id=nobody:1`)).body.points).toEqual([]);
});

test('hours are from 1 to 168', async () => {
  expect((await testApi().ask('GET', `${path}?hours=0`)).status).toBe(400);
});

test('a proxy shows its newest latencies, and forgets them when it is taken out', async () => {
  const { ask, request, rotator } = testApi({}, { proxies: ['http://a.test:1'], budget: null });
  for (let count = 0; count < 25; count++) await request(200);
  const latencies = async () => (await ask('GET', '/api/v1/proxies')).body.proxies[0].recent_latencies;
  expect(await latencies()).toHaveLength(20);
  await request(503, 200);
  expect((await latencies()).slice(-2)).toEqual([null, 0]);
  rotator.removeProxy('a.test:1');
  rotator.addProxy('http://a.test:1');
  expect(await latencies()).toEqual([]);
});

test('an attempt says where the wait before it came from', async () => {
  const { ask, request } = testApi({}, { budget: null });
  await request(503, 200);
  const [call] = (await ask('GET', '/api/v1/requests')).body.requests;
  expect(call.attempts).toMatchObject([
    { wait: 0, wait_source: null },
    { wait: 1, wait_source: 'backoff' },
  ]);
});

test('the scarcest budget is told, once there was a request', async () => {
  const { ask, request } = testApi();
  const budget = async () => (await ask('GET', '/api/v1/status')).body.retry_budget;
  expect(await budget()).toBeNull();
  await request(503, 200);
  expect(await budget()).toMatchObject({ target: 'target.test:80', left: expect.any(Number) });
  const unbounded = testApi({}, { budget: null });
  await unbounded.request(200);
  expect((await unbounded.ask('GET', '/api/v1/status')).body.retry_budget).toBeNull();
});
