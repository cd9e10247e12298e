import { expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const path = '/api/v1/requests';

test('a request is shown with all of its attempts', async () => {
  const { ask, request } = testApi({}, { budget: null });
  await request(503, 200);
  const { requests, kept } = (await ask('GET', path)).body;
  expect(kept).toBe(1);
  expect(requests[0]).toMatchObject({
    method: 'GET',
    target: 'target.test:80',
    outcome: 'success',
    status: 200,
    waited: 1,
    reason: null,
    error: null,
    attempts: [
      {
        number: 1,
        outcome: 'failure',
        status: 503,
        wait: 0,
        failure: { fault: 'proxy', phase: 'head', message: 'the response was 503' },
      },
      { number: 2, outcome: 'success', status: 200, wait: 1, failure: null },
    ],
  });
  expect(requests[0].attempts[0].proxy_id).not.toBe(requests[0].attempts[1].proxy_id);
  expect((await ask('GET', `${path}/${requests[0].id}`)).body).toEqual(requests[0]);
});

test('a request that failed says why no further attempt was made', async () => {
  const { ask, request } = testApi({}, { budget: null });
  await request(503, 503, 503);
  expect((await ask('GET', path)).body.requests[0]).toMatchObject({ outcome: 'failure', reason: 'attempts' });
});

test('the newest come first, and can be chosen by their outcome', async () => {
  const { ask, request } = testApi({}, { budget: null });
  await request(200);
  await request(503, 200);
  await request(503, 503, 503);
  const outcomes = async (query: string) =>
    (await ask('GET', `${path}${query}`)).body.requests.map(
      ({ outcome, attempts }: { outcome: string; attempts: unknown[] }) => `${outcome} ${attempts.length}`,
    );
  expect(await outcomes('')).toEqual(['failure 3', 'success 2', 'success 1']);
  expect(await outcomes('?limit=1')).toEqual(['failure 3']);
  expect(await outcomes('?outcome=success')).toEqual(['success 2', 'success 1']);
  expect(await outcomes('?outcome=retried')).toEqual(['failure 3', 'success 2']);
});

test('only the newest 500 are kept', async () => {
  const { ask, request } = testApi();
  for (let count = 0; count < 510; count++) await request(200);
  const { requests, kept } = (await ask('GET', `${path}?limit=500`)).body;
  expect([requests.length, kept]).toEqual([500, 500]);
  expect(new Set(requests.map(({ id }: { id: string }) => id)).size).toBe(500);
});

test('an unknown request and a wrong question are answered', async () => {
  const { ask } = testApi();
  expect((await ask('GET', `${path}/none`)).body).toMatchObject({ error: 'REQUEST_NOT_FOUND' });
  expect((await ask('GET', `${path}?limit=501`)).status).toBe(400);
  expect((await ask('GET', `${path}?outcome=odd`)).body.details.outcome).toMatch(/'success'/u);
});

test('credentials in what failed are taken out', async () => {
  const { ask, rotator } = testApi({}, { retryPolicy: { maxAttempts: 1 } });
  const work = () => Promise.reject(new Error('cannot reach http://user:secret@a.test:1'));
  await rotator.failover({ id: 'x', method: 'GET', target: 't:80' }, work).catch(() => {});
  expect((await ask('GET', path)).text).not.toMatch(/secret/u);
});
