import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const once = { retryPolicy: { maxAttempts: 1 }, strategy: 'round-robin' } as const;

/** Two proxies, of which every request fails until both breakers are open. */
async function withOpenBreakers() {
  const api = testApi({}, { ...once, circuitBreaker: { failures: 2 } });
  for (let request = 0; request < 4; request++) await api.request(503);
  return api;
}

test('every proxy has a breaker, closed at first', async () => {
  const { ask } = testApi();
  const { circuit_breakers: breakers } = (await ask('GET', '/api/v1/circuit-breakers')).body;
  expect(breakers).toHaveLength(2);
  expect(breakers[0]).toEqual({
    proxy_id: 'a.test:1',
    state: 'closed',
    failure_count: 0,
    failure_threshold: 5,
    window_duration: 60,
    timeout_duration: 30,
    next_test_time: null,
    next_test_in: null,
    last_state_change: '2030-01-01T00:00:00.000Z',
  });
});

test.each(['a.test:1', 'a.test%3A1'])('a breaker is found by the id %s', async (id) => {
  const { ask } = testApi();
  expect((await ask('GET', `/api/v1/circuit-breakers/${id}`)).body).toMatchObject({ proxy_id: 'a.test:1' });
});

test('an IPv6 proxy is found by its id, too', async () => {
  const { ask } = testApi({}, { proxies: ['http://[::1]:8080'] });
  for (const id of ['[::1]:8080', encodeURIComponent('[::1]:8080')]) {
    expect((await ask('GET', `/api/v1/circuit-breakers/${id}`)).body).toMatchObject({ proxy_id: '[::1]:8080' });
  }
});

test('an unknown proxy is answered by name', async () => {
  const { ask } = testApi();
  for (const [method, path] of [
    ['GET', '/api/v1/circuit-breakers/nobody:1'],
    ['POST', '/api/v1/circuit-breakers/nobody:1/reset'],
  ] as const) {
    const answer = await ask(method, path);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      error: 'PROXY_NOT_FOUND',
      message: 'Circuit breaker not found for proxy: nobody:1',
      details: {},
    });
  }
});

test('an open breaker says when it will be tested', async () => {
  const { ask, world } = await withOpenBreakers();
  await world.advance('10s');
  expect((await ask('GET', '/api/v1/circuit-breakers/a.test:1')).body).toMatchObject({
    state: 'open',
    failure_count: 2,
    next_test_in: 20,
    next_test_time: '2030-01-01T00:00:30.000Z',
    last_state_change: '2030-01-01T00:00:00.000Z',
  });
});

test('a breaker is closed by hand', async () => {
  const { ask } = await withOpenBreakers();
  const answer = await ask('POST', '/api/v1/circuit-breakers/a.test:1/reset');
  expect(answer.body).toMatchObject({ state: 'closed', failure_count: 0, next_test_time: null });
  expect((await ask('GET', '/api/v1/circuit-breakers/b.test:2')).body).toMatchObject({ state: 'open' });
  const { events } = (await ask('GET', '/api/v1/circuit-breakers/metrics')).body;
  expect(events.at(-1)).toMatchObject({ proxy_id: 'a.test:1', from_state: 'open', to_state: 'closed' });
});

test('closing by hand needs the token', async () => {
  const { ask } = await withOpenBreakers();
  const answer = await ask('POST', '/api/v1/circuit-breakers/a.test:1/reset', { withToken: false });
  expect(answer.status).toBe(401);
  expect((await ask('GET', '/api/v1/circuit-breakers/a.test:1')).body).toMatchObject({ state: 'open' });
});

test.each(['/api/v1/circuit-breakers/metrics', '/api/v1/metrics/circuit-breakers'])(
  'the changes of state are at %s',
  async (path) => {
    const { ask, world } = await withOpenBreakers();
    expect((await ask('GET', path)).body.events).toEqual([
      {
        proxy_id: 'a.test:1',
        from_state: 'closed',
        to_state: 'open',
        timestamp: '2030-01-01T00:00:00.000Z',
        failure_count: 2,
      },
      {
        proxy_id: 'b.test:2',
        from_state: 'closed',
        to_state: 'open',
        timestamp: '2030-01-01T00:00:00.000Z',
        failure_count: 2,
      },
    ]);
    await world.advance('2h');
    expect((await ask('GET', `${path}?hours=1`)).body.events).toEqual([]);
    expect((await ask('GET', `${path}?hours=3`)).body.events).toHaveLength(2);
  },
);

test.each(['0', '169', '1.5', 'day', ''])('hours=%s is not a number of hours', async (hours) => {
  const { ask } = testApi();
  const answer = await ask('GET', `/api/v1/circuit-breakers/metrics?hours=${hours}`);
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.details)).toEqual(['hours']);
});
