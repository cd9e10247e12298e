import { describe, expect, test } from 'vitest';
import { isMulliganError, onEvent } from '../kernel/index.ts';
import { constant, ledgerOf } from '../retry/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { createModelFetch, type ModelFetchOptions } from './model-fetch.ts';

const url = 'https://api.example.com/v1/chat/completions';
const bodyFor = (model: string, max = 10): string => JSON.stringify({ model, max_tokens: max });
const post = (body: string, init: RequestInit = {}): RequestInit => ({ method: 'POST', body, ...init });

type Reply = (n: number) => Response;

/** A fetch on virtual time over a server that answers as told; remembers when it was asked. */
function setUp(reply: Reply, options: ModelFetchOptions = {}) {
  const world = virtualWorld();
  const sentAt: number[] = [];
  const startMs = world.now();
  const fetch = createModelFetch({
    world,
    budget: false,
    hintJitter: 0,
    fetch: async () => {
      sentAt.push(Math.round(world.now() - startMs));
      return reply(sentAt.length);
    },
    ...options,
  });
  return { world, fetch, sentAt, run: <T>(work: Promise<T>): Promise<T> => world.run(work) };
}

const limits = (kind: 'requests' | 'tokens', remaining: number, reset: string, limit?: number): HeadersInit => ({
  [`x-ratelimit-remaining-${kind}`]: String(remaining),
  [`x-ratelimit-reset-${kind}`]: reset,
  ...(limit === undefined ? {} : { [`x-ratelimit-limit-${kind}`]: String(limit) }),
});
const fine = (headers?: HeadersInit): Response => Response.json({ ok: true }, headers === undefined ? {} : { headers });
const bad = (status: number, body: object = {}, headers: HeadersInit = {}): Response =>
  Response.json(body, { status, headers });

describe('the limits that a provider tells of', () => {
  test('are waited for before the next request is sent', async () => {
    const { fetch, run, sentAt } = setUp(() => fine(limits('requests', 0, '5s')));
    await run(fetch(url, post(bodyFor('m'))));
    await run(fetch(url, post(bodyFor('m'))));
    expect(sentAt).toEqual([0, 5000]);
  });

  test('of tokens let small requests through and hold large ones', async () => {
    const { fetch, run, sentAt } = setUp(() => fine(limits('tokens', 100, '10s', 1100)));
    await run(fetch(url, post(bodyFor('m'))));
    await run(fetch(url, post(bodyFor('m', 20))));
    await run(fetch(url, post(bodyFor('m', 592))));
    const need = 592 + Math.ceil(bodyFor('m', 592).length / 4);
    expect(sentAt).toEqual([0, 0, (need - 100) * 10]);
  });

  test('are shared by all calls to that model, and not by those to another', async () => {
    const { fetch, world, sentAt } = setUp((n) => fine(n === 1 ? limits('requests', 0, '1m', 60) : undefined));
    await world.run(fetch(url, post(bodyFor('m'))));
    await world.run(
      Promise.all([fetch(url, post(bodyFor('m'))), fetch(url, post(bodyFor('other'))), fetch(url, post(bodyFor('m')))]),
    );
    expect(sentAt).toEqual([0, 0, 1000, 2000]);
  });

  test('that last longer than may be waited refuse at once, and say how long', async () => {
    const { fetch, run, sentAt } = setUp(() => fine(limits('requests', 0, '5m')));
    await run(fetch(url, post(bodyFor('m'))));
    const error = await run(fetch(url, post(bodyFor('m'))).catch((error: unknown) => error));
    expect(isMulliganError(error, 'MULLIGAN_HELD')).toBe(true);
    expect(error).toMatchObject({ retryAfterMs: 300_000 });
    expect(sentAt).toEqual([0]);
  });

  test('are kept for each account, whose key nobody sees', async () => {
    const { fetch, run, world, sentAt } = setUp(() => fine(limits('requests', 0, '5m')));
    const as = (key: string): RequestInit => post(bodyFor('m'), { headers: { authorization: `Bearer ${key}` } });
    await run(fetch(url, as('one')));
    await run(fetch(url, as('two')));
    const error = await run(fetch(url, as('one')).catch((error: unknown) => error));
    expect((error as Error).message).toContain('m at https://api.example.com');
    expect((error as Error).message).not.toContain('one');
    expect([sentAt, world.pendingTimers]).toEqual([[0, 0], 0]);
  });

  test('include a pause that a 429 or 503 asks for', async () => {
    const { fetch, world, run, sentAt } = setUp((n) => (n === 1 ? bad(503, {}, { 'retry-after': '20' }) : fine()));
    const first = fetch(url, post(bodyFor('m')));
    await world.advance(1000);
    await run(Promise.all([first, fetch(url, post(bodyFor('m'))), fetch(url, post(bodyFor('other')))]));
    expect(sentAt).toEqual([0, 1000, 20_000, 20_000]);
  });

  test('are told as an event, and a caller may leave meanwhile', async () => {
    const events: unknown[] = [];
    const listening = onEvent(({ type, name }) => events.push([type, name]));
    const { fetch, world, sentAt } = setUp(() => fine(limits('requests', 0, '5s')));
    await world.run(fetch(url, post(bodyFor('m'))));
    const controller = new AbortController();
    const call = fetch(url, post(bodyFor('m'), { signal: controller.signal })).catch((error: unknown) => error);
    await world.advance(1000);
    controller.abort(new Error('enough'));
    expect(await call).toMatchObject({ message: 'enough' });
    listening();
    expect(events).toContainEqual(['rate-limit.delayed', 'm at https://api.example.com']);
    expect([sentAt, world.pendingTimers]).toEqual([[0], 0]);
  });

  test('do not count against the time of an attempt', async () => {
    const { fetch, run, sentAt } = setUp(() => fine(limits('requests', 0, '5s')), { attemptTimeout: '1s' });
    await run(fetch(url, post(bodyFor('m'))));
    expect((await run(fetch(url, post(bodyFor('m'))))).status).toBe(200);
    expect(sentAt).toEqual([0, 5000]);
  });

  test('can be left to the provider', async () => {
    const { fetch, run, sentAt } = setUp(() => fine(limits('requests', 0, '5s')), { pace: false });
    await run(fetch(url, post(bodyFor('m'))));
    await run(fetch(url, post(bodyFor('m'))));
    expect(sentAt).toEqual([0, 0]);
  });

  test('say when to come back after a 429 that does not', async () => {
    const { fetch, run, sentAt } = setUp((n) => (n === 1 ? bad(429, {}, limits('tokens', 0, '30s')) : fine()));
    expect((await run(fetch(url, post(bodyFor('m'))))).status).toBe(200);
    expect(sentAt).toEqual([0, 30_000]);
  });
});

test('by default a POST is sent 3 times, after up to 2 and 4 s', async () => {
  const waits: number[] = [];
  const { fetch, run, sentAt } = setUp(() => bad(503), {
    onEvent: (event) => void (event.type === 'retry.scheduled' && waits.push(event.waitMs)),
  });
  for (let call = 0; call < 50; call++) await run(fetch(url, post(bodyFor('m'))));
  expect(sentAt).toHaveLength(150);
  const longest = (parity: number): number => Math.max(...waits.filter((_, at) => at % 2 === parity));
  expect([longest(0) > 1500, longest(0) <= 2000, longest(1) > 3000, longest(1) <= 4000]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('a 409 is tried again, a 400 is not', async () => {
  const conflict = setUp((n) => (n === 1 ? bad(409) : fine()), { retry: { backoff: constant(1) } });
  expect((await conflict.run(conflict.fetch(url, post('{}')))).status).toBe(200);
  const wrong = setUp(() => bad(400));
  expect((await wrong.run(wrong.fetch(url, post('{}')))).status).toBe(400);
  expect(wrong.sentAt).toHaveLength(1);
});

test('an empty account is not asked again, and its answer can be read', async () => {
  const quota = { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } };
  const { fetch, run, sentAt } = setUp(() => bad(429, quota));
  const response = await run(fetch(url, post(bodyFor('m'))));
  expect(await response.json()).toEqual(quota);
  expect(ledgerOf(response)?.reason).toBe('server-said-no');
  expect(sentAt).toHaveLength(1);
});

test('an attempt that takes too long is ended and made again', async () => {
  const world = virtualWorld();
  let requests = 0;
  const never = (signal: AbortSignal): Promise<Response> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const fetch = createModelFetch({
    world,
    retry: { attempts: 2, attemptTimeout: '3s', backoff: constant(0) },
    fetch: (_, init) => (++requests === 1 ? never(init!.signal!) : Promise.resolve(fine())),
  });
  expect((await world.run(fetch(url))).status).toBe(200);
  expect(requests).toBe(2);
});

describe('a stream', () => {
  const streamOf = (...events: readonly string[]): Response =>
    new Response(events.map((event) => `data: ${event}\n\n`).join(''), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    });
  const overloaded = '{"type":"error","error":{"type":"overloaded_error","message":"busy"}}';

  test('whose first event is an error is a bad answer, and tried again', async () => {
    const { fetch, run, sentAt } = setUp((n) => (n < 3 ? streamOf(overloaded) : streamOf('1', '2')));
    const response = await run(fetch(url, post(bodyFor('m'))));
    expect(await response.text()).toBe('data: 1\n\ndata: 2\n\n');
    expect(sentAt).toHaveLength(3);
    const bad = setUp(() => streamOf(overloaded));
    const last = await bad.run(bad.fetch(url, post(bodyFor('m'))));
    expect([last.status, await last.text()]).toEqual([529, overloaded]);
  });

  test('whose second event is an error is handed on as it is', async () => {
    const { fetch, run, sentAt } = setUp(() => streamOf('1', overloaded));
    const response = await run(fetch(url, post(bodyFor('m'))));
    expect([response.status, sentAt.length]).toEqual([200, 1]);
    expect(await response.text()).toContain('overloaded_error');
  });

  test('that breaks off before its first event is tried again', async () => {
    const broken = (): Response => {
      const body = new ReadableStream({
        pull: (controller) => controller.error(new TypeError('terminated')),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const { fetch, run } = setUp((n) => (n === 1 ? broken() : streamOf('1')));
    expect(await (await run(fetch(url, post(bodyFor('m'))))).text()).toBe('data: 1\n\n');
  });

  test('can be left, which ends it at its source', async () => {
    let isCancelled = false;
    const endless = (): Response => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
        cancel: () => void (isCancelled = true),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const { fetch, run } = setUp(endless);
    await (await run(fetch(url, post(bodyFor('m'))))).body!.cancel();
    expect(isCancelled).toBe(true);
  });
});

test('mistakes are answered in sentences', () => {
  expect(() => createModelFetch({ pace: { maxWayt: 1 } as never })).toThrow("did you mean 'maxWait'?");
  expect(() => createModelFetch({ paze: true } as never)).toThrow("createFetch has no option 'paze'");
  expect(() => createModelFetch({ fetch: 1 as never })).toThrow('fetch must be a function');
});
