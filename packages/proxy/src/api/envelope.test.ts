import { expect, test } from 'vitest';
import { testApi, testToken, type AskOptions } from '../../../../test/support/api.ts';

const meta = { request_id: expect.any(String), timestamp: '2030-01-01T00:00:00.000Z', version: '1.0.0' };

/** What is answered under `/api`: this form is not the document's. */
async function ask(method: string, path: string, options?: AskOptions) {
  const response = await testApi().send(method, path, options);
  return { status: response.status, body: (await response.json()) as unknown };
}

test.each([
  ['/api/retry/policy', expect.objectContaining({ max_attempts: 3 })],
  ['/api/circuit-breakers', [expect.objectContaining({ proxy_id: 'a.test:1' }), expect.anything()]],
  ['/api/circuit-breakers/a.test:1', expect.objectContaining({ state: 'closed' })],
  ['/api/circuit-breakers/metrics?hours=24', []],
  ['/api/metrics/circuit-breakers', []],
  ['/api/metrics/retries', expect.objectContaining({ total_retries: 0 })],
  ['/api/metrics/retries/timeseries', { data_points: [] }],
  ['/api/metrics/retries/by-proxy', { proxies: {} }],
])('%s is answered as later versions of the original do', async (path, data) => {
  expect(await ask('GET', path)).toEqual({ status: 200, body: { status: 'success', data, error: null, meta } });
});

test('writes are, too, and need the token as everywhere', async () => {
  const json = { max_attempts: 5 };
  expect(await ask('PUT', '/api/retry/policy', { json })).toMatchObject({
    status: 200,
    body: { status: 'success', data: { max_attempts: 5 } },
  });
  expect(await ask('POST', '/api/circuit-breakers/a.test:1/reset')).toMatchObject({
    body: { data: { state: 'closed' } },
  });
  expect(await ask('PUT', '/api/retry/policy', { json, withToken: false })).toMatchObject({
    status: 401,
    body: { status: 'error', data: null, error: { code: 'UNAUTHORIZED' } },
  });
});

test('so are errors, with the code, the sentence and the fields', async () => {
  const { timestamp } = meta;
  expect(await ask('GET', '/api/circuit-breakers/none')).toEqual({
    status: 404,
    body: {
      status: 'error',
      data: null,
      error: {
        code: 'PROXY_NOT_FOUND',
        message: 'Circuit breaker not found for proxy: none',
        details: {},
        timestamp,
      },
      meta,
    },
  });
  expect(await ask('PUT', '/api/retry/policy', { json: { max_attempts: 11 } })).toMatchObject({
    status: 400,
    body: { error: { code: 'VALIDATION_ERROR', details: { max_attempts: expect.any(String) } } },
  });
  expect(await ask('GET', '/api/metrics/retries', { headers: { host: 'evil.example' } })).toMatchObject({
    status: 403,
  });
});

test('what the original does not have is only under /api/v1, and its metrics are for Prometheus', async () => {
  const { send } = testApi();
  expect((await send('GET', '/api/status')).status).toBe(404);
  expect((await send('GET', '/metrics')).headers.get('content-type')).toMatch(/^text\/plain/u);
  const elsewhere = testApi({ loopbackOnly: false });
  expect((await elsewhere.send('GET', '/api/retry/policy')).status).toBe(401);
  expect((await elsewhere.send('GET', '/api/retry/policy', { headers: { 'x-api-key': testToken } })).status).toBe(200);
});
