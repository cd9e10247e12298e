import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const path = '/api/v1/proxies';

test('a proxy is shown with its figures, and never with its credentials', async () => {
  const { ask, request } = testApi({}, { proxies: ['http://user:secret@a.test:1'], retryPolicy: { maxAttempts: 1 } });
  await request(200);
  await request(503);
  const answer = await ask('GET', path);
  expect(answer.text).not.toMatch(/secret|user/u);
  expect(answer.body.proxies[0]).toMatchObject({
    id: 'a.test:1',
    url: 'http://a.test:1',
    has_credentials: true,
    condition: 'degraded',
    success_rate: 0.5,
    total_attempts: 2,
    last_failure: 'the response was 503',
    circuit_breaker: { failure_count: 1 },
  });
});

test('a proxy is added, shown, changed and removed', async () => {
  const { ask, rotator } = testApi();
  const added = await ask('POST', path, {
    json: { url: 'socks5://u:p@c.test:1080', region: 'EU', tags: ['fast'], max_concurrent: 10 },
  });
  expect(added.status).toBe(201);
  expect(added.headers.get('location')).toBe('/api/v1/proxies/c.test%3A1080');
  expect(added.body).toMatchObject({
    id: 'c.test:1080',
    region: 'EU',
    tags: ['fast'],
    max_concurrent: 10,
    condition: 'untested',
  });
  expect(rotator.pool.get('c.test:1080')?.address.password).toBe('p');

  const changed = await ask('PATCH', `${path}/c.test:1080`, {
    json: { region: null, max_concurrent: null, weight: 2 },
  });
  expect(changed.body).toMatchObject({ region: null, max_concurrent: null, weight: 2, tags: ['fast'] });
  expect(rotator.pool.get('c.test:1080')?.address.password).toBe('p');

  const removed = await ask('DELETE', `${path}/c.test%3A1080`);
  expect([removed.status, removed.text]).toEqual([204, '']);
  expect((await ask('GET', `${path}/c.test:1080`)).body).toMatchObject({ error: 'PROXY_NOT_FOUND' });
});

test('a proxy that is paused gets no requests until it works again', async () => {
  const { ask, rotator } = testApi();
  expect((await ask('PATCH', `${path}/a.test:1`, { json: { paused: true } })).body).toMatchObject({
    condition: 'paused',
  });
  expect(rotator.pool.get('a.test:1')?.availability().reason).toBe('paused');
  expect((await ask('PATCH', `${path}/a.test:1`, { json: { paused: false } })).body).toMatchObject({
    condition: 'untested',
  });
});

test('what is wrong with a proxy is answered without its credentials', async () => {
  const { ask } = testApi();
  const answer = await ask('POST', path, { json: { url: 'ftp://user:secret@c.test:21' } });
  expect(answer.status).toBe(400);
  expect(answer.body.details.url).toMatch(/protocol/u);
  expect(answer.text).not.toMatch(/secret|user/u);
});

test.each([
  [{}, 'url'],
  [{ url: 'http://c.test:1', id: 'a b' }, 'id'],
  [{ url: 'http://c.test:1', weight: 0 }, 'weight'],
  [{ url: 'http://c.test:1', colour: 'red' }, 'colour'],
  [{ url: 'http://c.test:1', tags: [1] }, 'tags[0]'],
  [{ url: 'http://c.test' + 'x'.repeat(3000) }, 'url'],
])('%j is answered by its field', async (json, field) => {
  const { ask, rotator } = testApi();
  const answer = await ask('POST', path, { json });
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.details)).toEqual([field]);
  expect(rotator.pool.size).toBe(2);
});

test('an id that is taken is a conflict', async () => {
  const { ask } = testApi();
  const answer = await ask('POST', path, { json: { url: 'http://a.test:1' } });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ error: 'PROXY_ALREADY_EXISTS', message: 'Proxy already exists: a.test:1' });
});

test('the conditions of a proxy', async () => {
  const { ask, request, world } = testApi(
    {},
    { proxies: ['a.test:1'], circuitBreaker: { failures: 2 }, retryPolicy: { maxAttempts: 1 } },
  );
  const condition = async () => (await ask('GET', `${path}/a.test:1`)).body.condition;
  expect(await condition()).toBe('untested');
  await request(200);
  expect(await condition()).toBe('healthy');
  await request(503);
  expect(await condition()).toBe('degraded');
  await request(503);
  expect(await condition()).toBe('down');
  await world.advance('30s');
  await request(200);
  expect(await condition()).not.toBe('down');
});

test('a list may be asked for in part, and by what the proxies are', async () => {
  const proxies = Array.from({ length: 10 }, (_, index) => ({
    url: `http://p${index}.test:1`,
    region: index < 4 ? 'EU' : 'US',
    tags: index % 2 === 0 ? ['even'] : [],
    paused: index === 9,
  }));
  const { ask } = testApi({}, { proxies });
  const asked = async (query: string) => {
    const { proxies: found, total } = (await ask('GET', `${path}?${query}`)).body;
    return [total, found.map(({ url }: { url: string }) => url.slice(8, 9)).join('')];
  };
  expect(await asked('')).toEqual([10, '0123456789']);
  expect(await asked('limit=3')).toEqual([10, '012']);
  expect(await asked('limit=3&offset=8')).toEqual([10, '89']);
  expect(await asked('offset=20')).toEqual([10, '']);
  expect(await asked('region=EU&tag=even')).toEqual([2, '02']);
  expect(await asked('condition=paused')).toEqual([1, '9']);
  expect((await ask('GET', `${path}?condition=odd&limit=x`)).body.details).toEqual({
    condition: expect.stringMatching(/'untested'/u),
    limit: expect.any(String),
  });
});

test('what its owner wants to remember is kept, and a region in it is its region', async () => {
  const { ask } = testApi();
  const metadata = { region: 'EU-WEST', contract: { until: 2030 } };
  expect((await ask('POST', path, { json: { url: 'c.test:3', metadata } })).body).toMatchObject({
    region: 'EU-WEST',
    metadata,
  });
  expect((await ask('PATCH', `${path}/c.test:3`, { json: { metadata: { note: 1 } } })).body).toMatchObject({
    metadata: { note: 1 },
  });
});
