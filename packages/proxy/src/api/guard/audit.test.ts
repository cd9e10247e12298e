import { expect, test, vi } from 'vitest';
import { testApi, testToken } from '../../../../../test/support/api.ts';
import type { AuditEntry } from '../options.ts';

function audited() {
  const entries: AuditEntry[] = [];
  return { ...testApi({ onWrite: (entry) => entries.push(entry) }), entries };
}

test('every write is told of: who, and what, and no value of it', async () => {
  const { ask, entries } = audited();
  const from = '192.0.2.1';
  await ask('PUT', '/api/v1/retry/policy', { json: { max_attempts: 5, timeout: null }, from });
  await ask('POST', '/api/v1/proxies', { json: { url: 'http://user:secret@c.test:3' }, from });
  await ask('POST', '/api/v1/circuit-breakers/a.test%3A1/reset', { from });
  await ask('DELETE', '/api/v1/proxies/c.test:3', { from });
  const at = Date.UTC(2030, 0, 1);
  expect(entries).toEqual([
    {
      at,
      address: from,
      method: 'PUT',
      path: '/api/v1/retry/policy',
      status: 200,
      fields: ['max_attempts', 'timeout'],
    },
    { at, address: from, method: 'POST', path: '/api/v1/proxies', status: 201, fields: ['url'] },
    {
      at,
      address: from,
      method: 'POST',
      path: '/api/v1/circuit-breakers/a.test%3A1/reset',
      status: 200,
      fields: [],
    },
    { at, address: from, method: 'DELETE', path: '/api/v1/proxies/c.test:3', status: 204, fields: [] },
  ]);
});

test('a body that nobody reads is not told of, whatever it is', async () => {
  const { ask, entries } = audited();
  const headers = { 'content-type': 'application/json' };
  for (const body of ['', '{', 'null', '{"secret": 1}']) {
    expect((await ask('POST', '/api/v1/circuit-breakers/a.test:1/reset', { body, headers })).status).toBe(200);
  }
  expect(entries.flatMap(({ fields }) => fields)).toEqual([]);
});

test('who hears of it cannot make a write fail', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { ask } = testApi({
    onWrite() {
      throw new Error('the log is full');
    },
  });
  expect((await ask('PUT', '/api/v1/retry/policy', { json: {} })).status).toBe(200);
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});

test('what was refused is told of without the names that came', async () => {
  const { ask, entries } = audited();
  await ask('PUT', '/api/v1/retry/policy', { json: { secret: 1 } });
  await ask('POST', '/api/v1/proxies', { body: '{', headers: { 'content-type': 'application/json' } });
  expect(entries).toMatchObject([
    { status: 400, fields: [] },
    { status: 400, fields: [] },
  ]);
});

test('a wrong token is told of, and is not shown; reads and requests without a token are not', async () => {
  const { ask, entries } = audited();
  await ask('GET', '/api/v1/status');
  await ask('PUT', '/api/v1/retry/policy', { json: {}, withToken: false });
  await ask('PUT', '/api/v1/retry/policy', { json: {}, withToken: false, headers: { 'x-api-key': 'wrong' } });
  expect(entries).toMatchObject([{ status: 401, method: 'PUT' }]);
  expect(JSON.stringify(entries)).not.toMatch(new RegExp(`wrong|${testToken}`, 'u'));
});

test('an address cannot break a line of a log', async () => {
  const { ask, entries } = audited();
  await ask('DELETE', '/api/v1/proxies/a%0Ab%1B');
  expect(entries).toMatchObject([{ path: '/api/v1/proxies/a%0Ab%1B', status: 404 }]);
});
