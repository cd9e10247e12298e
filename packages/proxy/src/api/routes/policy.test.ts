import { expect, test } from 'vitest';
import { testApi, testToken } from '../../../../../test/support/api.ts';

const path = '/api/v1/retry/policy';

test('the policy is shown as the seed names it', async () => {
  const { ask } = testApi();
  expect((await ask('GET', path)).body).toEqual({
    max_attempts: 3,
    backoff_strategy: 'exponential',
    base_delay: 1,
    multiplier: 2,
    max_backoff_delay: 30,
    jitter: false,
    retry_status_codes: [502, 503, 504],
    timeout: null,
    retry_non_idempotent: false,
    updated_at: '2030-01-01T00:00:00.000Z',
  });
});

test('an update changes what it names, at once, and leaves the rest', async () => {
  const { ask, rotator } = testApi();
  const update = { max_attempts: 5, backoff_strategy: 'linear', base_delay: 1.5, jitter: true };
  expect((await ask('PUT', path, { json: update })).body).toMatchObject({
    ...update,
    multiplier: 2,
    max_backoff_delay: 30,
  });
  expect(rotator.retryPolicy).toMatchObject({
    maxAttempts: 5,
    backoffStrategy: 'linear',
    baseDelayMs: 1500,
    jitter: true,
  });
});

test('the time of the last update is that of the update, not of the question', async () => {
  const { ask, world } = testApi();
  await world.advance('10s');
  await ask('PUT', path, { json: { max_attempts: 4 } });
  await world.advance('10s');
  expect((await ask('GET', path)).body).toMatchObject({ updated_at: '2030-01-01T00:00:10.000Z' });
});

test('null takes the timeout away', async () => {
  const { ask, rotator } = testApi();
  await ask('PUT', path, { json: { timeout: 5 } });
  expect(rotator.retryPolicy.timeoutMs).toBe(5000);
  await ask('PUT', path, { json: { max_attempts: 2 } });
  expect(rotator.retryPolicy.timeoutMs).toBe(5000);
  expect((await ask('PUT', path, { json: { timeout: null } })).body).toMatchObject({ timeout: null });
  expect(rotator.retryPolicy.timeoutMs).toBeUndefined();
});

test('an update that is wrong in one field changes nothing', async () => {
  const { ask, rotator } = testApi();
  const before = rotator.retryPolicy;
  const answer = await ask('PUT', path, { json: { max_attempts: 5, base_delay: 61, retries: 3 } });
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({
    error: 'VALIDATION_ERROR',
    message: 'Invalid body: base_delay, retries',
    details: { base_delay: 'Input should be less than or equal to 60', retries: 'Extra inputs are not permitted' },
  });
  expect(rotator.retryPolicy).toBe(before);
});

test.each([
  ['{', 400],
  ['', 400],
  ['null', 400],
  ['"text"', 400],
])('the body %j is answered', async (body, status) => {
  const { ask } = testApi();
  const answer = await ask('PUT', path, { body, headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(status);
  expect(answer.body.error).toBe('VALIDATION_ERROR');
});

test('a body that is not JSON by its type is refused', async () => {
  const { ask } = testApi();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    expect((await ask('PUT', path, { body: '{}', headers: { 'content-type': type } })).status).toBe(415);
  }
  expect(
    (await ask('PUT', path, { body: '{}', headers: { 'content-type': 'application/json; charset=utf-8' } })).status,
  ).toBe(200);
});

test('a body of more than 64 KiB is refused', async () => {
  const { ask } = testApi();
  const body = JSON.stringify({ x: 'x'.repeat(65 * 1024) });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  expect((await ask('PUT', path, { body, headers })).body).toMatchObject({ error: 'PAYLOAD_TOO_LARGE' });
});

test('a bearer token is as good as X-API-Key, and a wrong one is worth nothing', async () => {
  const { ask } = testApi();
  const put = (headers: Record<string, string>) => ask('PUT', path, { json: {}, headers, withToken: false });
  expect((await put({ authorization: `Bearer ${testToken}` })).status).toBe(200);
  expect((await put({ 'x-api-key': `${testToken}x` })).body).toMatchObject({ error: 'UNAUTHORIZED' });
  expect((await put({})).headers.get('www-authenticate')).toBe('Bearer');
});
