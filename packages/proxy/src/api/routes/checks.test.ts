import { systemWorld } from 'mulligan';
import { expect, test } from 'vitest';
import { testApi, type TestApi } from '../../../../../test/support/api.ts';
import { startFaultyProxy } from '../../../../../test/support/faulty-proxy.ts';
import { start } from '../../../../../test/support/gateway.ts';
import { startOrigin } from '../../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../../test/support/working-proxy.ts';

/** An API on the real clock, over one proxy. */
const over = (url: string): TestApi =>
  testApi({}, { proxies: [{ url, id: 'one' }], world: systemWorld, circuitBreaker: { failures: 1 } });
const path = '/api/v1/proxies/one/check';

test('a proxy that works is found to, by a connection alone or by what is fetched through it', async () => {
  const [proxy, origin] = [await start(startWorkingProxy()), await start(startOrigin())];
  const { ask } = over(proxy.url);
  const bare = { proxy_id: 'one', working: true, status: null, failure: null };
  expect((await ask('POST', path)).body).toMatchObject(bare);
  expect((await ask('POST', path, { json: {} })).body).toMatchObject(bare);
  expect(origin.seen).toEqual([]);
  const fetched = await ask('POST', path, { json: { url: `${origin.url}/ping`, timeout: 5 } });
  expect(fetched.body).toMatchObject({ working: true, status: 200 });
  expect(origin.seen).toMatchObject([{ url: '/ping' }]);
});

test('one that does not is told of with the reason, and its breaker counts it', async () => {
  const proxy = await start(startFaultyProxy('refuses connections'));
  const { ask } = over(proxy.url);
  expect((await ask('POST', path)).body).toMatchObject({
    working: false,
    failure: { fault: 'proxy', phase: 'connect', category: 'connect' },
  });
  expect((await ask('GET', '/api/v1/circuit-breakers/one')).body).toMatchObject({ state: 'open' });
  expect((await ask('GET', '/metrics')).text).toContain('mulligan_proxy_checks_total{result="failed"} 1\n');
});

test('a check does not wait longer than it may', async () => {
  const proxy = await start(startFaultyProxy('never answers'));
  const { ask } = over(proxy.url);
  const json = { url: 'http://target.test/', timeout: 0.1 };
  expect((await ask('POST', path, { json })).body).toMatchObject({
    working: false,
    failure: { message: 'no answer within 100 ms' },
  });
});

test('one that works although its breaker is open is back in use at once', async () => {
  const proxy = await start(startWorkingProxy());
  const { ask, request } = over(proxy.url);
  await request(503);
  expect((await ask('GET', '/api/v1/circuit-breakers/one')).body).toMatchObject({ state: 'open' });
  expect((await ask('POST', path)).body).toMatchObject({ working: true });
  expect((await ask('GET', '/api/v1/circuit-breakers/one')).body).toMatchObject({ state: 'closed' });
});

test('an unknown proxy and bad wishes are answered by name', async () => {
  const { ask } = over('http://one.test:1');
  expect((await ask('POST', '/api/v1/proxies/none/check')).body).toMatchObject({ message: 'Proxy not found: none' });
  expect((await ask('POST', path, { json: { url: 'http://u:secret@t.test' } })).body.details).toEqual({
    url: 'Input should be a URL without credentials',
  });
  const json = { url: 'ftp://target.test', timeout: 61, retries: 2 };
  expect((await ask('POST', path, { json })).body.details).toEqual({
    url: 'Input should be a valid http or https URL',
    timeout: 'Input should be less than or equal to 60',
    retries: 'Extra inputs are not permitted',
  });
});
