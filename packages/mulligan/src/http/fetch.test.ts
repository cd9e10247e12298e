import { afterEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, setActive, setOnRetryHooks, setTesting } from '../kernel/index.ts';
import { circuitBreaker } from '../breaker/index.ts';
import { constant, ledgerOf, retryBudget, type RetryOptions } from '../retry/index.ts';
import { recorder, type VirtualWorld, virtualWorld } from '../testing/index.ts';
import type { FetchCall } from './call.ts';
import { createFetch } from './fetch.ts';
import { fetchOptionNames } from './plan.ts';
import type { FetchFunction, FetchOptions } from './options.ts';

type Answer = Response | Error | (() => Response);
type Sent = { input: unknown; init: RequestInit; headers: Headers };

const url = 'https://api.test/items';
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(`body ${code}`, { status: code, headers });
const ok = status(200);
const failed = (code: string): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });

/** A fetch that answers as told, the last answer over and over. */
function fake(...answers: Answer[]): FetchFunction & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: FetchFunction = async (input, init = {}) => {
    sent.push({ input, init, headers: new Headers(init.headers) });
    const answer = answers[Math.min(sent.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  };
  return Object.assign(fetch, { sent });
}

interface Bench {
  readonly world: VirtualWorld;
  readonly events: ReturnType<typeof recorder>;
  readonly call: (init?: Parameters<ReturnType<typeof createFetch>>[1] & object) => Promise<Response>;
}

function bench(fetch: FetchFunction, options: FetchOptions = {}): Bench {
  const world = virtualWorld();
  const events = recorder();
  const resilient = createFetch({ fetch, world, onEvent: events, ...options });
  return { world, events, call: (init) => world.run(resilient(url, init)) };
}

afterEach(() => setOnRetryHooks(null));

describe('what is retried', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 529])('a GET answered %i', async (code) => {
    const fetch = fake(status(code), ok);
    expect((await bench(fetch).call()).status).toBe(200);
    expect(fetch.sent).toHaveLength(2);
  });

  test.each([200, 204, 301, 304, 400, 401, 403, 404, 409, 413, 422, 501, 505])(
    'not a GET answered %i',
    async (code) => {
      const fetch = fake(() => new Response(null, { status: code }));
      const response = await bench(fetch).call();
      expect(response.status).toBe(code);
      expect(fetch.sent).toHaveLength(1);
    },
  );

  test.each([
    { attempts: 6, requests: 6 },
    { attempts: 3, requests: 3 },
    { attempts: 9, requests: 9 },
    { attempts: 1, requests: 1 },
  ])('a persistent 503 with $attempts attempts is asked for $requests times (F23)', async ({ attempts, requests }) => {
    const fetch = fake(status(503));
    const response = await bench(fetch, { retry: attempts }).call();
    expect(fetch.sent).toHaveLength(requests);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('body 503');
    expect(ledgerOf(response)).toMatchObject({ attempts: requests, reason: 'attempts', name: 'GET api.test' });
  });

  test('retry: false makes one attempt', async () => {
    const fetch = fake(failed('ECONNRESET'), ok);
    await expect(bench(fetch, { retry: false }).call()).rejects.toThrow('fetch failed');
    expect(fetch.sent).toHaveLength(1);
  });

  test('the last error is thrown as it is, and has the ledger of the call', async () => {
    const errors = [failed('ECONNRESET'), failed('ENOTFOUND'), failed('ECONNREFUSED')];
    const error: unknown = await bench(fake(...errors))
      .call()
      .catch((reason: unknown) => reason);
    expect(error).toBe(errors[2]);
    expect(ledgerOf(error)).toMatchObject({ attempts: 3, reason: 'attempts' });
  });

  test('an error that another attempt cannot better is thrown at once', async () => {
    const fetch = fake(failed('CERT_HAS_EXPIRED'));
    await expect(bench(fetch).call()).rejects.toThrow('fetch failed');
    expect(fetch.sent).toHaveLength(1);
  });

  test('other statuses and methods, when they are listed', async () => {
    const fetch = fake(status(404), status(503));
    const { call } = bench(fetch, { statuses: [404], methods: ['post'] });
    expect((await call({ method: 'POST' })).status).toBe(503);
    expect(fetch.sent).toHaveLength(2);
    await call({ method: 'POST' });
    expect(fetch.sent).toHaveLength(3);
  });

  test('`on`, `unless` and `onResult` have their say, and the rules about repeating hold all the same', async () => {
    const oops = new Error('oops');
    const retry: RetryOptions<Response> = { on: Error, unless: RangeError, onResult: ({ status }) => status === 202 };
    const fetch = fake(oops, status(202), ok);
    expect((await bench(fetch, { retry }).call()).status).toBe(200);
    await expect(bench(fake(new RangeError('far')), { retry }).call()).rejects.toThrow('far');
    const post = fake(oops);
    await expect(bench(post, { retry }).call({ method: 'POST' })).rejects.toBe(oops);
    expect(post.sent).toHaveLength(1);
  });

  test('a duration from `onResult` is the wait, whatever the server says', async () => {
    const { events, call } = bench(fake(status(429, { 'retry-after': '9' }), ok), {
      retry: { onResult: ({ ok }) => !ok && '2s' },
    });
    await call();
    expect(events.waitsMs).toEqual([2000]);
  });
});

describe('requests that may have been processed', () => {
  test.each([500, 502, 503, 504])('a POST answered %i is not repeated', async (code) => {
    const fetch = fake(status(code), ok);
    const response = await bench(fetch).call({ method: 'POST', body: 'pay' });
    expect(response.status).toBe(code);
    expect(ledgerOf(response)?.reason).toBe('not-idempotent');
    expect(fetch.sent).toHaveLength(1);
  });

  test('a POST whose connection broke is not repeated; one that found nobody is', async () => {
    const broken = fake(failed('ECONNRESET'), ok);
    const error: unknown = await bench(broken)
      .call({ method: 'POST' })
      .catch((reason: unknown) => reason);
    expect(ledgerOf(error)?.reason).toBe('not-idempotent');
    expect(broken.sent).toHaveLength(1);
    const refused = fake(failed('ECONNREFUSED'), status(429), status(503, { 'retry-after': '1' }), ok);
    expect((await bench(refused, { retry: 4 }).call({ method: 'POST' })).status).toBe(200);
  });

  test('an Idempotency-Key is made once for a call, and makes the POST repeatable', async () => {
    const fetch = fake(status(503), failed('ECONNRESET'), ok);
    const { call } = bench(fetch, { idempotencyKey: true });
    await call({ method: 'POST', headers: { accept: 'text/plain' } });
    await call({ method: 'POST' });
    const keys = fetch.sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/^"[-\da-f]{36}"$/);
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[3]).not.toBe(keys[0]);
    expect(fetch.sent[2]!.headers.get('accept')).toBe('text/plain');
  });

  test("the caller's own key and a precondition do the same, and are left alone", async () => {
    for (const headers of [{ 'Idempotency-Key': 'mine' }, { 'If-Match': '"v1"' }]) {
      const fetch = fake(status(500), ok);
      expect((await bench(fetch).call({ method: 'PATCH', headers })).status).toBe(200);
      expect(fetch.sent.map(({ init }) => init.headers)).toEqual([headers, headers]);
    }
  });
});

describe('bodies', () => {
  const bodyOf = ({ init }: Sent): unknown => init.body;

  test('whatever can be read again is sent again, as it is', async () => {
    const form = new FormData();
    for (const body of [
      'text',
      new Uint8Array(3),
      new ArrayBuffer(2),
      new Blob(['b']),
      form,
      new URLSearchParams('a=1'),
    ]) {
      const fetch = fake(status(503), ok);
      await bench(fetch).call({ method: 'PUT', body });
      expect(fetch.sent.map(bodyOf)).toEqual([body, body]);
    }
  });

  test('a function makes a body for each attempt', async () => {
    const fetch = fake(status(503), failed('ECONNRESET'), ok);
    let made = 0;
    await bench(fetch).call({ method: 'PUT', body: () => `body ${++made}` });
    expect(fetch.sent.map(bodyOf)).toEqual(['body 1', 'body 2', 'body 3']);
  });

  const stream = (): ReadableStream => new Blob(['streamed']).stream();

  test('a stream is sent once: a status is returned, with the reason in the ledger', async () => {
    const fetch = fake(status(503), ok);
    const response = await bench(fetch).call({ method: 'PUT', body: stream(), duplex: 'half' });
    expect(await response.text()).toBe('body 503');
    expect(ledgerOf(response)?.reason).toBe('body-not-replayable');
    expect(fetch.sent).toHaveLength(1);
  });

  test('a stream is sent once: an error is told as a refusal, with the error as its cause', async () => {
    const cause = failed('ECONNRESET');
    const fetch = fake(cause, ok);
    const error: unknown = await bench(fetch)
      .call({ method: 'PUT', body: stream() })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'MULLIGAN_BODY_NOT_REPLAYABLE', name: 'BodyNotReplayableError', cause });
    expect(ledgerOf(error)?.reason).toBe('body-not-replayable');
    expect(fetch.sent).toHaveLength(1);
  });

  test('where no further attempt would have been made, the error is the error', async () => {
    const cause = failed('ECONNRESET');
    await expect(bench(fake(cause), { retry: 1 }).call({ method: 'PUT', body: stream() })).rejects.toBe(cause);
  });

  test('`onExhausted` gets the refusal', async () => {
    const onExhausted = (error: unknown): Error => new Error('mine', { cause: error });
    const call = bench(fake(failed('ECONNRESET')), { retry: { onExhausted } }).call({ method: 'PUT', body: stream() });
    await expect(call).rejects.toMatchObject({ message: 'mine', cause: { code: 'MULLIGAN_BODY_NOT_REPLAYABLE' } });
  });
});

describe('what a caller and the world around see', () => {
  test('the arguments reach the wrapped fetch as they are, and its response comes back itself', async () => {
    const response = new Response('fine');
    const fetch = fake(response);
    const init = { headers: { a: 'b' }, redirect: 'manual' } as const;
    expect(await bench(fetch).call(init)).toBe(response);
    expect(fetch.sent[0]!.input).toBe(url);
    expect(fetch.sent[0]!.init).toBe(init);
  });

  test('a response that was given up tells outer retries to stop; others are left alone', async () => {
    const { call } = bench(fake(status(503, { 'x-a': 'b' })));
    const { headers } = await call();
    expect([headers.get('x-should-retry'), headers.get('x-a')]).toEqual(['false', 'b']);
    const post = await bench(fake(status(500))).call({ method: 'POST' });
    expect(post.headers.get('x-should-retry')).toBe('false');
    for (const options of [{ stopOuterRetries: false }, { retry: 1 }]) {
      expect((await bench(fake(status(503)), options).call()).headers.has('x-should-retry')).toBe(false);
    }
    expect((await bench(fake(status(404))).call()).headers.has('x-should-retry')).toBe(false);
  });

  test('hooks see the call without its secrets, events its name', async () => {
    const seen: unknown[] = [];
    setOnRetryHooks([({ name, args }) => void seen.push([name, (args[0] as FetchCall).url, JSON.stringify(args)])]);
    const world = virtualWorld();
    const fetch = createFetch({ fetch: fake(status(503), ok), world });
    const init = { headers: { authorization: 'Bearer s3cret' }, method: 'PUT', body: 's3cret' };
    await world.run(fetch('https://api.test:8443/a/b?token=s3cret#s3cret', init));
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject([
      'PUT api.test:8443',
      'https://api.test:8443/a/b',
      expect.not.stringContaining('s3cret'),
    ]);
  });

  test('credentials in the address are refused without being repeated', async () => {
    const fetch = fake(ok);
    const error: unknown = await createFetch({ fetch })('https://user:s3cret@api.test/').catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('s3cret');
    expect(fetch.sent).toHaveLength(0);
  });

  test('an address that is none is left to the platform to refuse', async () => {
    await expect(createFetch()('no address')).rejects.toThrow(TypeError);
  });

  test('events tell what happened', async () => {
    const { events, call } = bench(fake(status(503), ok), { name: 'items' });
    await call();
    expect(events.types).toEqual(['retry.scheduled', 'call.succeeded']);
    expect(events.of('call.succeeded')[0]).toMatchObject({ name: 'items', attempts: 2 });
  });

  test("the platform's fetch is looked up at each call", async () => {
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(fake(ok));
    const fetch = createFetch();
    await fetch(url);
    expect(spy).toHaveBeenCalledOnce();
    spy.mockRestore();
  });
});

describe('budgets and switches', () => {
  test('by default each origin has a budget of its own: a storm at one does not take the retries of another', async () => {
    const down = fake(status(503));
    const world = virtualWorld();
    const fetch = createFetch({ fetch: down, world, retry: { attempts: 2, backoff: constant(0) } });
    const calls = Array.from({ length: 200 }, () => fetch('https://down.test/'));
    const reasons = (await world.run(Promise.all(calls))).map((response) => ledgerOf(response)?.reason);
    // The floor of 10 a second for 10 seconds, and a fifth of 200 calls.
    expect(reasons.filter((reason) => reason === 'attempts')).toHaveLength(140);
    expect(reasons.filter((reason) => reason === 'budget')).toHaveLength(60);
    expect(down.sent).toHaveLength(340);
    await world.run(fetch('https://other.test/'));
    expect(down.sent).toHaveLength(342);
  });

  test('one budget for all, one per origin as given, or none', async () => {
    const requests = async (budget: FetchOptions['budget']): Promise<number> => {
      const fetch = fake(status(503));
      const { call } = bench(fetch, budget === undefined ? {} : { budget });
      await call();
      return fetch.sent.length;
    };
    const spent = retryBudget({ ratio: 0, floorPerSecond: 0 });
    expect(await requests(spent)).toBe(1);
    expect(await requests(retryBudget.keyed(() => spent))).toBe(1);
    expect(await requests(false)).toBe(3);
    expect(await requests(undefined)).toBe(3);
    const inRetry = fake(status(503));
    await bench(inRetry, { retry: { budget: spent } }).call();
    expect(inRetry.sent).toHaveLength(1);
    await bench(inRetry, { retry: { budget: spent }, budget: false }).call();
    expect(inRetry.sent).toHaveLength(4);
  });

  test('a breaker around each attempt: one per origin, and the retry waits until it lets calls through', async () => {
    const world = virtualWorld();
    const fetch = fake(status(500), ok);
    const isFailure = (response: Response): boolean => response.status >= 500;
    const breaker = circuitBreaker.keyed({ failures: 1, openFor: '5s', isFailure, world });
    const resilient = createFetch({ fetch, world, breaker });
    expect((await world.run(resilient(url))).status).toBe(200);
    expect(world.now()).toBeGreaterThanOrEqual(5000);
    expect(fetch.sent).toHaveLength(2);
    expect([...breaker.keys()]).toEqual(['https://api.test']);
  });

  test('switched off, a call makes one attempt, and the response is untouched', async () => {
    const restore = setActive(false);
    const fetch = fake(status(503));
    const response = await bench(fetch).call();
    restore();
    expect(fetch.sent).toHaveLength(1);
    expect(response.headers.has('x-should-retry')).toBe(false);
  });

  test('in testing mode nothing waits, neither for a hint nor for a hold', async () => {
    const restore = setTesting(true, { attempts: 2 });
    const { world, call } = bench(fake(status(429, { 'retry-after': '30' })));
    await call();
    await call();
    restore();
    expect(world.now()).toBe(0);
  });
});

describe('options', () => {
  test('every option is known, and no other', () => {
    const all: Record<keyof FetchOptions, true> = {
      retry: true,
      timeout: true,
      attemptTimeout: true,
      fetch: true,
      statuses: true,
      methods: true,
      idempotencyKey: true,
      spool: true,
      buffer: true,
      github: true,
      hold: true,
      maxHintWait: true,
      ifHintTooLong: true,
      hintJitter: true,
      stopOuterRetries: true,
      budget: true,
      breaker: true,
      name: true,
      onEvent: true,
      world: true,
    };
    expect(new Set(fetchOptionNames)).toEqual(new Set(Object.keys(all)));
    expect(() => createFetch({ atempts: 3 } as FetchOptions)).toThrow("createFetch has no option 'atempts'");
  });

  test.each<[FetchOptions, string]>([
    [{ retry: 0 }, 'attempts must be a whole number of at least 1, got 0'],
    [{ retry: { attemps: 3 } as RetryOptions<Response> }, "retry has no option 'attemps': did you mean 'attempts'?"],
    [{ timeout: '1s', attemptTimeout: '2s' }, 'attemptTimeout (2 s) must be shorter than timeout (1 s)'],
    [{ statuses: [42] }, 'statuses must be a whole number from 100 to 599, got 42'],
    [{ spool: -1 }, 'spool must be a number of at least 0, got -1'],
    [{ hintJitter: 2 }, 'hintJitter must be a number from 0 to 1, got 2'],
    [{ ifHintTooLong: 'wait' as 'fail' }, "ifHintTooLong must be one of 'fail', 'clamp', 'ignore', got \"wait\""],
    [{ fetch: 5 as unknown as FetchFunction }, 'fetch must be a function, got 5'],
    [{ idempotencyKey: { key: 1 } as object }, "idempotencyKey has no option 'key'"],
  ])('%o is answered in a sentence', (options, sentence) => {
    expect(() => createFetch(options)).toThrow(sentence);
    expect(() => createFetch(options)).toThrow(InvalidOptionError);
  });

  test('what stands beside `retry` wins over what stands in it', async () => {
    const { call, world } = bench(() => new Promise(() => {}), { timeout: '3s', retry: { timeout: '9s' } });
    await expect(call()).rejects.toThrow('the call took longer than 3000 ms');
    expect(world.now()).toBe(3000);
  });
});
