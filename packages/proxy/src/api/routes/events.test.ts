import { systemWorld } from 'mulligan';
import { expect, test } from 'vitest';
import { testApi, type TestApi } from '../../../../../test/support/api.ts';
import { checkEvent } from '../../../../../test/support/api-document.ts';
import { start } from '../../../../../test/support/gateway.ts';
import { startRefusing } from '../../../../../test/support/listening.ts';

interface Event {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of the stream, which says what has come so far. Every event is held against the document of the API. */
async function listen({ send, document }: TestApi, lastId?: string) {
  const described = await document();
  const response = await send('GET', '/api/v1/events', {
    headers: lastId === undefined ? {} : { 'last-event-id': lastId },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let isEnded = false;
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      isEnded ||= done;
      if (done) return;
      text += value;
    }
  })();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    response,
    async leave() {
      await reader.cancel();
      await turn();
    },
    async events(type?: string): Promise<Event[]> {
      await turn();
      const all = text.split('\n\n').flatMap((block) => parse(block) ?? []);
      for (const event of all) checkEvent(described, event.type, event.data);
      return type === undefined ? all : all.filter((event) => event.type === type);
    },
    async text() {
      await turn();
      return text;
    },
    async isEnded() {
      await turn();
      return isEnded;
    },
  };
}

function parse(block: string): Event | undefined {
  const lines = Object.fromEntries(
    block.split('\n').map((line) => [line.split(': ', 1)[0]!, line.slice(line.indexOf(': ') + 2)]),
  );
  return lines['event'] === undefined
    ? undefined
    : { id: lines['id'], type: lines['event'], data: JSON.parse(lines['data']!) as Event['data'] };
}

test('the stream begins with the status', async () => {
  const reader = await listen(testApi());
  expect(reader.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const [first] = await reader.events();
  expect(first).toMatchObject({ type: 'status', id: undefined, data: { total_requests: 0 } });
});

test('what happens comes as it happens, with ids that grow', async () => {
  const api = testApi({}, { proxies: ['a.test:1'], circuitBreaker: { failures: 1 }, retryPolicy: { maxAttempts: 1 } });
  const reader = await listen(api);
  await api.request(503);
  await api.ask('PUT', '/api/v1/retry/policy', { json: { max_attempts: 2 } });
  await api.ask('POST', '/api/v1/proxies', { json: { url: 'http://c.test:3' } });
  await api.ask('PATCH', '/api/v1/proxies/c.test:3', { json: { paused: true } });
  await api.ask('DELETE', '/api/v1/proxies/c.test:3');
  const events = (await reader.events()).filter(({ id }) => id !== undefined);
  expect(events.map(({ type }) => type)).toEqual([
    'breaker',
    'request',
    'policy',
    'proxy.added',
    'proxy.updated',
    'proxy.removed',
  ]);
  expect(events[0]!.data).toMatchObject({ proxy_id: 'a.test:1', from_state: 'closed', to_state: 'open' });
  expect(events[1]!.data).toMatchObject({ outcome: 'failure', attempts: [{ proxy_id: 'a.test:1' }] });
  expect(events[2]!.data).toMatchObject({ max_attempts: 2 });
  expect(events[5]!.data).toEqual({ proxy_id: 'c.test:3' });
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test('checks of proxies and new settings are told of, too', async () => {
  const refusing = await start(startRefusing());
  const api = testApi({}, { proxies: [`http://127.0.0.1:${refusing.port}`], world: systemWorld });
  const reader = await listen(api);
  const id = `127.0.0.1:${refusing.port}`;
  await api.ask('POST', `/api/v1/proxies/${id}/check`);
  await api.ask('PATCH', '/api/v1/config', { json: { strategy: 'random' } });
  expect(await reader.events('proxy.checked')).toMatchObject([
    { id: expect.any(String), data: { proxy_id: id, working: false, failure: { phase: 'connect' } } },
  ]);
  expect(await reader.events('config')).toMatchObject([{ id: expect.any(String), data: { strategy: 'random' } }]);
});

test('a reader that comes back gets what it missed, and nothing twice', async () => {
  const api = testApi();
  const first = await listen(api);
  await api.request(200);
  const { id } = (await first.events('request'))[0]!;
  await first.leave();
  await api.request(200);
  await api.request(200);
  const second = await listen(api, id);
  await api.request(200);
  const seen = (await second.events('request')).map(({ data }) => data['id']);
  expect(seen).toHaveLength(3);
  expect(new Set(seen).size).toBe(3);
  expect(await second.events('reset')).toEqual([]);
});

test('a reader whose last event is not known any more is told to read anew', async () => {
  const api = testApi();
  const reader = await listen(api, 'of-another-process-7');
  expect((await reader.events()).map(({ type }) => type)).toEqual(['status', 'reset']);
});

test('every second brings the status, and the proxies that changed', async () => {
  const api = testApi();
  const reader = await listen(api);
  await api.world.advance('1s');
  expect(await reader.events('status')).toHaveLength(2);
  expect(await reader.events('proxies')).toHaveLength(0);
  await api.request(200);
  await api.world.advance('1s');
  const [changed] = await reader.events('proxies');
  expect(changed!.data['proxies']).toEqual([expect.objectContaining({ total_attempts: 1 })]);
});

test('at most 100 requests a second are sent, and all of them are counted', async () => {
  const api = testApi();
  const reader = await listen(api);
  for (let count = 0; count < 150; count++) await api.request(200);
  await api.world.advance('1s');
  expect(await reader.events('request')).toHaveLength(100);
  expect((await reader.events('status')).at(-1)!.data['total_requests']).toBe(150);
  await api.request(200);
  expect(await reader.events('request')).toHaveLength(101);
});

test('while nobody listens, nothing is due', async () => {
  const api = testApi();
  expect(api.world.pendingTimers).toBe(0);
  const readers = [await listen(api), await listen(api)];
  expect(api.world.pendingTimers).toBeGreaterThan(0);
  for (const reader of readers) await reader.leave();
  expect(api.world.pendingTimers).toBe(0);
});

test('every line is one event: data with line breaks cannot make another', async () => {
  const api = testApi({}, { retryPolicy: { maxAttempts: 1 } });
  const reader = await listen(api);
  const work = () => Promise.reject(new Error('bad\n\nevent: status\ndata: {}'));
  await api.rotator.failover({ id: 'x', method: 'GET', target: 't:80' }, work).catch(() => {});
  expect((await reader.events()).map(({ type }) => type)).toEqual(['status', 'request']);
});
