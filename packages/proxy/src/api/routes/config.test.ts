import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const path = '/api/v1/config';

test('what is set is shown, in seconds', async () => {
  const { ask } = testApi();
  expect((await ask('GET', path)).body).toMatchObject({
    retry_policy: { max_attempts: 3 },
    circuit_breaker: { failure_threshold: 5, window_duration: 60, timeout_duration: 30 },
    strategy: 'power-of-two-choices',
    retry_strategy: 'best-score',
    health_check: null,
    direct: false,
  });
});

test('how proxies are checked is shown without what may be secret', async () => {
  const health = {
    url: 'https://user:secret@probe.test/ping?key=secret',
    timeoutMs: 10_000,
    intervalMs: 60_000,
    deadMs: 30_000,
    maxDeadMs: 3_600_000,
    concurrency: 10,
  };
  const answer = await testApi({ health }).ask('GET', path);
  expect(answer.body.health_check).toEqual({
    url: 'https://probe.test/ping',
    timeout: 10,
    interval: 60,
    dead_interval: 30,
    max_dead_interval: 3600,
    concurrency: 10,
  });
});

test('the breakers of all proxies are changed at once', async () => {
  const { ask, rotator } = testApi();
  const circuit_breaker = { failure_threshold: 3, timeout_duration: 10 };
  expect((await ask('PATCH', path, { json: { circuit_breaker } })).body).toMatchObject({
    circuit_breaker: { failure_threshold: 3, window_duration: 60, timeout_duration: 10 },
  });
  expect(rotator.pool.get('a.test:1')?.breaker.snapshot()).toMatchObject({ failureThreshold: 3, openForMs: 10_000 });
});

test('the strategies are changed for the next choice, each for itself', async () => {
  const { ask, rotator } = testApi();
  expect((await ask('PATCH', path, { json: { strategy: 'round-robin' } })).body).toMatchObject({
    strategy: 'round-robin',
    retry_strategy: 'best-score',
  });
  await ask('PATCH', path, { json: { retry_strategy: 'least-used' } });
  expect([rotator.strategy.name, rotator.retryStrategy.name]).toEqual(['round-robin', 'least-used']);
});

test('an update that is wrong in one field changes nothing, and is answered by its field', async () => {
  const { ask, rotator } = testApi();
  const json = { strategy: 'best', retry_strategy: 'random', circuit_breaker: { failure_threshold: 0 }, direct: true };
  const { body } = await ask('PATCH', path, { json });
  expect(body.details).toEqual({
    strategy: expect.stringMatching(/^Input should be 'round-robin', .* or 'power-of-two-choices'$/u),
    'circuit_breaker.failure_threshold': 'Input should be greater than or equal to 1',
    direct: 'Extra inputs are not permitted',
  });
  expect(rotator.retryStrategy.name).toBe('best-score');
});
