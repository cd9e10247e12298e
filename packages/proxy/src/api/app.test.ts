import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { testApi, testToken } from '../../../../test/support/api.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { createApi } from './api.ts';

const writes = [
  ['PUT', '/api/v1/retry/policy'],
  ['PATCH', '/api/v1/config'],
  ['POST', '/api/v1/proxies'],
  ['PATCH', '/api/v1/proxies/a.test:1'],
  ['DELETE', '/api/v1/proxies/a.test:1'],
  ['POST', '/api/v1/proxies/a.test:1/check'],
  ['POST', '/api/v1/circuit-breakers/a.test:1/reset'],
] as const;

const reads = [
  '/api/v1/status',
  '/api/v1/requests',
  '/api/v1/proxies',
  '/api/v1/circuit-breakers',
  '/api/v1/retry/policy',
  '/api/v1/metrics/retries',
  '/api/v1/config',
  '/metrics',
  '/openapi.json',
  '/docs',
];

describe('who may do what', () => {
  test.each(writes)('%s %s needs the token', async (method, path) => {
    const { ask } = testApi();
    expect((await ask(method, path, { withToken: false })).body).toMatchObject({ error: 'UNAUTHORIZED' });
    expect((await ask(method, path, { withToken: false, headers: { 'x-api-key': 'wrong' } })).status).toBe(401);
  });

  test.each(reads)('%s is open on this machine, and needs the token elsewhere', async (path) => {
    expect((await testApi().ask('GET', path)).status).toBe(200);
    const elsewhere = testApi({ loopbackOnly: false });
    expect((await elsewhere.ask('GET', path)).status).toBe(401);
    expect((await elsewhere.ask('GET', path, { withToken: true })).status).toBe(200);
  });

  test.each(['/health', '/ready', '/api/v1/health', '/api/v1/ready'])('%s never needs it', async (path) => {
    expect((await testApi({ loopbackOnly: false }).ask('GET', path)).status).toBe(200);
  });

  test('every write of the document is in the list above', async () => {
    const { paths } = (await testApi().ask('GET', '/openapi.json')).body as { paths: Record<string, object> };
    const listed = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).flatMap((method) => (method === 'get' ? [] : `${method.toUpperCase()} ${path}`)),
    );
    expect(listed.sort()).toEqual(
      writes.map(([method, path]) => `${method} ${path.replace('a.test:1', '{proxy_id}')}`).sort(),
    );
  });

  test('without authentication the lines of the guide run as they are', async () => {
    const api = testApi();
    const open = createApi({ rotator: api.rotator, addresses: () => ({ gateway: '', api: 'http://localhost:8000' }) });
    const put = {
      method: 'PUT',
      body: '{"max_attempts": 5}',
      headers: { host: 'localhost:8000', 'content-type': 'application/json' },
    };
    expect((await open.app.request('/api/v1/retry/policy', put)).status).toBe(200);
    const reset = { method: 'POST', headers: { host: 'localhost:8000' } };
    expect((await open.app.request('/api/v1/circuit-breakers/a.test:1/reset', reset)).status).toBe(200);
    open.close();
  });

  test('that is not allowed where other machines can come, nor is a token that can be guessed', () => {
    const options = { rotator: new ProxyRotator(), addresses: () => ({ gateway: '', api: '' }), loopbackOnly: false };
    expect(() => createApi(options)).toThrow('auth: false is only allowed on a loopback address');
    expect(() => createApi({ ...options, token: 'short' })).toThrow('at least 16 characters');
    expect(() => createApi({ ...options, token: 'two words' })).toThrow('one word of printable ASCII');
  });
});

describe('where a request comes from', () => {
  test('a name that is not ours is refused: it may lead here by DNS rebinding', async () => {
    for (const path of ['/', '/health', '/api/v1/status', '/metrics']) {
      const answer = await testApi().ask('GET', path, { headers: { host: 'evil.example:8000' } });
      expect(answer.body).toMatchObject({ error: 'FORBIDDEN_HOST' });
    }
  });

  test('configured names are ours', async () => {
    const { ask } = testApi({ allowedHosts: ['gateway.internal'] });
    expect((await ask('GET', '/api/v1/status', { headers: { host: 'gateway.internal' } })).status).toBe(200);
  });

  test('pages of other origins are refused, even with the token', async () => {
    const { ask } = testApi();
    for (const headers of [
      { origin: 'http://127.0.0.1:3000' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ]) {
      expect((await ask('GET', '/api/v1/status', { headers })).body).toMatchObject({ error: 'FORBIDDEN_ORIGIN' });
      expect((await ask('PUT', '/api/v1/retry/policy', { json: {}, headers })).status).toBe(403);
    }
    const form = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask('POST', '/api/v1/circuit-breakers/a.test:1/reset', { headers: form })).status).toBe(403);
  });

  test('nobody is told that they may read from another origin', async () => {
    const { ask } = testApi();
    const answer = await ask('OPTIONS', '/api/v1/status', { headers: { 'access-control-request-method': 'PUT' } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

test('every answer has the security headers, errors too', async () => {
  const { ask } = testApi();
  for (const path of ['/', '/docs', '/api/v1/status', '/nothing', '/api/v1/circuit-breakers/nobody']) {
    const { headers } = await ask('GET', path);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/u);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/u);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBeTruthy();
  }
});

test('an address that does not exist is named', async () => {
  expect((await testApi().ask('GET', '/api/v1/nothing')).body).toEqual({
    error: 'NOT_FOUND',
    message: 'Endpoint not found: /api/v1/nothing',
    details: {},
  });
});

test('an error inside tells nothing of itself', async () => {
  const { ask, rotator } = testApi();
  rotator.getRetryMetrics().getSummary = () => {
    throw new Error('http://user:secret@a.test');
  };
  const answer = await ask('GET', '/api/v1/metrics/retries');
  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ error: 'INTERNAL_ERROR', details: {} });
  expect(answer.text).not.toMatch(/secret/u);
});

test('the gateway is ready while a proxy can be used', async () => {
  const { ask, request } = testApi(
    {},
    { proxies: ['a.test:1'], circuitBreaker: { failures: 1 }, retryPolicy: { maxAttempts: 1 } },
  );
  expect((await ask('GET', '/ready')).body).toMatchObject({ status: 'ready' });
  await request(503);
  const answer = await ask('GET', '/ready');
  expect([answer.status, answer.body.status]).toEqual([503, 'not_ready']);
  expect((await testApi({}, { proxies: [] }).ask('GET', '/ready')).body.message).toMatch(/no proxies/u);
  expect((await testApi({}, { proxies: [], direct: true }).ask('GET', '/ready')).status).toBe(200);
});

test('the page of the API names every route, and has no script', async () => {
  const { ask } = testApi();
  const { body } = await ask('GET', '/openapi.json');
  const { text, headers } = await ask('GET', '/docs');
  expect(headers.get('content-type')).toMatch(/^text\/html/u);
  for (const path of Object.keys(body.paths)) expect(text).toContain(`<code>${path}</code>`);
  for (const [, name] of text.matchAll(/href="#([^"]+)"/gu)) expect(text, name).toContain(`id="${name}"`);
  expect(text).not.toMatch(/<script|style=|https?:\/\/(?!127\.0\.0\.1)/u);
  expect((await ask('GET', '/docs.css')).headers.get('content-type')).toMatch(/^text\/css/u);
});

test('Prometheus gets the names of the original beside ours, and no address', async () => {
  const { ask, request } = testApi({}, { proxies: ['http://u:secret@a.test:1', 'b.test:2'], budget: null });
  await request(200);
  await request(503, 200);
  await ask('GET', '/api/v1/circuit-breakers/a.test:1');
  await ask('GET', '/api/v1/nothing/1');
  const { text, headers } = await ask('GET', '/metrics');
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = text.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'proxywhirl_total_retries 3',
      'proxywhirl_cb_events 0',
      'proxywhirl_success_by_attempt{attempt="0"} 1',
      'proxywhirl_success_by_attempt{attempt="1"} 1',
      'proxywhirl_circuit_breaker_state{proxy_id="a.test:1"} 0',
      'proxywhirl_proxies_total 2',
      'proxywhirl_proxies_healthy 2',
      'proxywhirl_requests_total{endpoint="/api/v1/circuit-breakers/:proxy_id",method="GET",status="200"} 1',
      'proxywhirl_requests_total{endpoint="none",method="GET",status="404"} 1',
      'mulligan_requests_total{outcome="success"} 2',
      'mulligan_attempts_total{outcome="failure",fault="proxy"} 1',
      'mulligan_retry_wait_seconds_count 1',
    ]),
  );
  expect(text).not.toMatch(/secret|http:/u);
});

describe('the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'assets/index-abc.js'), 'script');
  writeFileSync(join(folder, 'secret.pem'), 'secret');
  const dashboard = pathToFileURL(`${folder}/`);

  test('its files are served, those with a hash for ever', async () => {
    const { ask } = testApi({ dashboard });
    const page = await ask('GET', '/');
    expect([page.text, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      '<!doctype html>page',
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const script = await ask('GET', '/assets/index-abc.js');
    expect([script.text, script.headers.get('cache-control')]).toEqual([
      'script',
      'public, max-age=31536000, immutable',
    ]);
    expect((await ask('HEAD', '/')).text).toBe('');
  });

  test('nothing else of the disk is', async () => {
    const { ask } = testApi({ dashboard });
    for (const path of ['/secret.pem', '/assets/', '/assets/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/x']) {
      expect((await ask('GET', path)).status).toBe(404);
    }
  });

  test('the page needs no token, only what it shows does', async () => {
    expect((await testApi({ dashboard, loopbackOnly: false }).ask('GET', '/')).status).toBe(200);
  });

  test('where it is not built, the address says so', async () => {
    const { ask } = testApi({ dashboard: new URL('none/', dashboard) });
    const answer = await ask('GET', '/');
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/not built/u);
  });
});

test('the token is nowhere to be read', async () => {
  const { ask } = testApi();
  for (const path of [...reads, '/', '/health']) expect((await ask('GET', path)).text).not.toContain(testToken);
});
