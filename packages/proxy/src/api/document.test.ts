import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { type AskOptions, testApi, type TestApi } from '../../../../test/support/api.ts';
import { type ApiDocument, routeOf } from '../../../../test/support/api-document.ts';

type Question = readonly [status: number, method: string, path: string, options?: AskOptions];

const api = '/api/v1';
const json = (value: unknown): AskOptions => ({ json: value });
const notJson: AskOptions = { body: '{}', headers: { 'content-type': 'text/plain' } };
const tooLarge: AskOptions = { headers: { 'content-type': 'application/json', 'content-length': '70000' } };

/** What a write can be answered besides. */
const badWrites = (method: string, path: string): Question[] => [
  [400, method, path, json({ colour: 'red' })],
  [413, method, path, tooLarge],
  [415, method, path, notJson],
];

/** Every answer that a route has of its own. `a.test:1` is there, `none` is not. */
const questions: readonly Question[] = [
  [200, 'GET', '/health'],
  [200, 'GET', '/ready'],
  [200, 'GET', `${api}/health`],
  [200, 'GET', `${api}/ready`],
  [200, 'GET', '/metrics'],
  [200, 'GET', `${api}/status`],
  [200, 'GET', `${api}/requests`],
  [400, 'GET', `${api}/requests?limit=0`],
  [200, 'GET', `${api}/requests/request`],
  [404, 'GET', `${api}/requests/none`],
  [200, 'GET', `${api}/proxies`],
  [400, 'GET', `${api}/proxies?limit=0`],
  [201, 'POST', `${api}/proxies`, json({ url: 'http://c.test:3' })],
  [409, 'POST', `${api}/proxies`, json({ url: 'http://a.test:1' })],
  ...badWrites('POST', `${api}/proxies`),
  [200, 'GET', `${api}/proxies/a.test:1`],
  [404, 'GET', `${api}/proxies/none`],
  [200, 'PATCH', `${api}/proxies/a.test:1`, json({ weight: 2 })],
  [404, 'PATCH', `${api}/proxies/none`, json({})],
  ...badWrites('PATCH', `${api}/proxies/a.test:1`),
  [204, 'DELETE', `${api}/proxies/b.test:2`],
  [404, 'DELETE', `${api}/proxies/none`],
  [413, 'DELETE', `${api}/proxies/a.test:1`, tooLarge],
  [415, 'DELETE', `${api}/proxies/a.test:1`, notJson],
  [200, 'POST', `${api}/proxies/a.test:1/check`],
  [404, 'POST', `${api}/proxies/none/check`],
  ...badWrites('POST', `${api}/proxies/a.test:1/check`),
  [200, 'GET', `${api}/circuit-breakers`],
  [200, 'GET', `${api}/circuit-breakers/a.test:1`],
  [404, 'GET', `${api}/circuit-breakers/none`],
  [200, 'GET', `${api}/circuit-breakers/metrics`],
  [400, 'GET', `${api}/circuit-breakers/metrics?hours=0`],
  [200, 'GET', `${api}/metrics/circuit-breakers`],
  [400, 'GET', `${api}/metrics/circuit-breakers?hours=x`],
  [200, 'POST', `${api}/circuit-breakers/a.test:1/reset`],
  [404, 'POST', `${api}/circuit-breakers/none/reset`],
  [413, 'POST', `${api}/circuit-breakers/a.test:1/reset`, tooLarge],
  [415, 'POST', `${api}/circuit-breakers/a.test:1/reset`, notJson],
  [200, 'GET', `${api}/retry/policy`],
  [200, 'PUT', `${api}/retry/policy`, json({ jitter: true })],
  ...badWrites('PUT', `${api}/retry/policy`),
  [200, 'GET', `${api}/metrics/retries`],
  [200, 'GET', `${api}/metrics/retries/timeseries?hours=1`],
  [400, 'GET', `${api}/metrics/retries/timeseries?hours=169`],
  [200, 'GET', `${api}/metrics/retries/by-proxy`],
  [400, 'GET', `${api}/metrics/retries/by-proxy?hours=1.5`],
  [200, 'GET', `${api}/metrics/history`],
  [400, 'GET', `${api}/metrics/history?hours=0`],
  [200, 'GET', `${api}/config`],
  [200, 'PATCH', `${api}/config`, json({ strategy: 'random' })],
  ...badWrites('PATCH', `${api}/config`),
];

/** Answers that another test has: a stream that does not end, and a server without proxies. */
const elsewhere = ['GET /api/v1/events 200', 'GET /ready 503', 'GET /api/v1/ready 503'];

/** Answers that every route can have; the tests of the guards have them. */
const everywhere = new Set(['401', '403', '429', '500']);

const document = async (): Promise<ApiDocument> => testApi().document();

async function withRequest(): Promise<TestApi> {
  const made = testApi();
  const work = () => Promise.resolve();
  await made.rotator.failover({ id: 'request', method: 'GET', target: 'target.test:80' }, work);
  return made;
}

const named = questions.map((question) => ({ name: question.slice(0, 3).join(' '), question }));

test.each(named)('$name', async ({ question: [status, method, path, options] }) => {
  const { ask } = await withRequest();
  expect((await ask(method, path, options)).status).toBe(status);
});

test('every answer of every route is asked for above, and each is what the document says', async () => {
  const described = await document();
  const answers = Object.entries(described.paths).flatMap(([path, routes]) =>
    Object.entries(routes).flatMap(([method, { responses }]) =>
      Object.keys(responses)
        .filter((status) => !everywhere.has(status))
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
  const asked = questions.map(([status, method, path]) => `${method} ${routeOf(described, path)} ${status}`);
  expect([...new Set([...asked, ...elsewhere])].sort()).toEqual(answers.sort());
});

/** One question to each route. */
async function eachRoute(): Promise<readonly (readonly [method: string, path: string])[]> {
  const { paths } = await document();
  return Object.entries(paths).flatMap(([path, routes]) =>
    Object.keys(routes).map((method) => [method.toUpperCase(), path.replace(/\{\w+\}/u, 'a.test:1')] as const),
  );
}

const isOpen = (path: string): boolean => /\/(?:health|ready)$/u.test(path);

test('on an address that other machines can reach every route but health needs the token', async () => {
  const { ask } = testApi({ loopbackOnly: false });
  for (const [method, path] of await eachRoute()) {
    const { status } = await ask(method, path, { withToken: false });
    expect(status === 401, `${method} ${path}`).toBe(!isOpen(path));
  }
});

test('every route refuses names that are not its own', async () => {
  const { ask } = testApi();
  for (const [method, path] of await eachRoute()) {
    const headers = { host: 'evil.example' };
    expect((await ask(method, path, { headers })).body, `${method} ${path}`).toMatchObject({ error: 'FORBIDDEN_HOST' });
  }
});

test('who guesses tokens is not heard by any of them', async () => {
  const { ask } = testApi({ loopbackOnly: false });
  const from = '192.0.2.1';
  const guess = { from, withToken: false, headers: { 'x-api-key': 'a guess' } };
  for (let time = 0; time < 10; time++) await ask('GET', '/metrics', guess);
  for (const [method, path] of await eachRoute()) {
    const { status } = await ask(method, path, { from, withToken: true });
    expect(status === 429, `${method} ${path}`).toBe(!isOpen(path));
  }
});

test('every operation has a name of its own, for the clients that are generated', async () => {
  const { paths } = await document();
  const ids = Object.values(paths).flatMap((routes) => Object.values(routes).map(({ operationId }) => operationId));
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the document of the API is valid OpenAPI 3.1', async () => {
  const body = await document();
  expect(body).toMatchObject({ openapi: '3.1.0' });
  const result = await new Validator().validate({ ...body });
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});
