import { describe, expect, test } from 'vitest';
import { categorize, InvalidOptionError, systemWorld, type World } from '../../kernel/index.ts';
import { ledgerOf } from '../../retry/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { GitHubRateLimitError } from '../github.ts';
import type { FetchFunction } from '../options.ts';
import { SessionAuth } from './auth.ts';
import type { SessionOptions } from './options.ts';
import { RETRYABLE_ERRORS, retryOnException } from './retry-on-exception.ts';
import { createRetrySession, getRetrySession } from './retry-session.ts';
import { createSession } from './session.ts';
import { HttpStatusError, raiseForStatus } from './status-error.ts';

const hasty: World = { ...systemWorld, setTimer: (callback) => systemWorld.setTimer(callback, 0) };
const echo: Answer = (response, { method, path, headers, body }) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, path, headers, body }));

interface Echo {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Chance that makes no additional wait: a backoff factor of 0 then waits for nothing. */
const withoutWaits = (): World => ({ ...systemWorld, random: () => 0 });

describe('a session', () => {
  test("has a method for each of HTTP's", async () => {
    await withFaultServer(echo, async ({ url }) => {
      const session = createSession({ baseUrl: url });
      const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
      for (const method of methods) {
        expect(await (await session[method]('/x')).json()).toMatchObject({ method: method.toUpperCase(), path: '/x' });
      }
      expect((await session.head('/x')).status).toBe(200);
      expect(await (await session.request('OPTIONS', '/x')).json()).toMatchObject({ method: 'OPTIONS' });
    });
  });

  test.each([
    ['/users', '/api/v1/users'],
    ['users', '/api/v1/users'],
    ['users?page=2', '/api/v1/users?page=2'],
    ['', '/api/v1/'],
    ['//evil.test/x', '/api/v1//evil.test/x'],
  ])('an address such as %j goes below the base', async (address, path) => {
    await withFaultServer(echo, async ({ url }) => {
      for (const baseUrl of [`${url}api/v1`, `${url}api/v1/`, new URL('api/v1', url)]) {
        expect(await createSession({ baseUrl }).json<Echo>(address)).toMatchObject({ path });
      }
    });
  });

  test('sends JSON and parameters', async () => {
    await withFaultServer(echo, async ({ url }) => {
      const session = createSession({ baseUrl: url });
      const init = { json: { a: 1 }, params: { page: 2, all: true, none: undefined, q: 'ä b' } };
      const sent = (await (await session.post('/x?y=0#z', init)).json()) as Echo;
      expect(sent).toMatchObject({ path: '/x?y=0&page=2&all=true&q=%C3%A4+b', body: '{"a":1}' });
      expect(sent.headers['content-type']).toBe('application/json');
      expect(await session.json<Echo>('/x', { method: 'PUT', json: [1] })).toMatchObject({
        method: 'PUT',
        body: '[1]',
      });
      const request = new Request(`${url}x`, { method: 'POST', body: 'text' });
      expect(await session.json<Echo>(request)).toMatchObject({ method: 'POST', body: 'text' });
    });
  });

  test('adds its headers to its own origin only, and a request wins over it', async () => {
    await withFaultServer(echo, async ({ url }) => {
      await withFaultServer(echo, async (other) => {
        const session = createSession({ baseUrl: url, headers: { authorization: 'Bearer s3cret', accept: 'a/b' } });
        expect((await session.json<Echo>('/')).headers).toMatchObject({
          authorization: 'Bearer s3cret',
          accept: 'a/b',
        });
        expect((await session.json<Echo>('/', { headers: { accept: 'c/d' } })).headers['accept']).toBe('c/d');
        expect((await session.json<Echo>(other.url)).headers).not.toHaveProperty('authorization');
        const request = new Request(url, { headers: { accept: 'e/f' } });
        expect((await session.json<Echo>(request)).headers).toMatchObject({
          authorization: 'Bearer s3cret',
          accept: 'e/f',
        });
        const everywhere = createSession({ headers: { 'x-a': 'b' } });
        expect((await everywhere.json<Echo>(other.url)).headers['x-a']).toBe('b');
      });
    });
  });

  test('retries, also an answer of JSON that breaks off', async () => {
    const flaky: Answer = (response, request, n) => {
      if (n === 1) response.writeHead(503).end();
      else if (n === 2)
        response.writeHead(200, { 'content-length': '99' }).write('{"a":', () => response.socket?.destroy());
      else echo(response, request, n);
    };
    await withFaultServer(flaky, async (server) => {
      expect(await createSession({ world: hasty }).json(server.url)).toMatchObject({ method: 'GET' });
      expect(server.requests).toHaveLength(3);
    });
  });

  test('json answers a bad status with an error that has the response', async () => {
    await withFaultServer(
      (response) => void response.writeHead(404).end('nothing here'),
      async ({ url }) => {
        const error = (await createSession()
          .json(`${url}a?token=s3cret`)
          .catch((reason: unknown) => reason)) as HttpStatusError;
        expect(error).toBeInstanceOf(HttpStatusError);
        expect(error.message).toBe(`404 Client Error: Not Found for url: ${url}a`);
        expect([error.status, error.code, categorize(error)]).toEqual([404, 'MULLIGAN_HTTP_STATUS', 'http']);
        expect(await error.response.text()).toBe('nothing here');
      },
    );
  });

  test('raiseOnStatus throws where retrying was given up, and only there', async () => {
    await withFaultServer(
      (response, { path }) => void response.writeHead(Number(path.slice(1))).end('why'),
      async ({ url }) => {
        const session = createSession({ world: hasty, baseUrl: url, raiseOnStatus: true });
        const error = (await session.get('/503').catch((reason: unknown) => reason)) as HttpStatusError;
        expect(error.message).toBe(`503 Server Error: Service Unavailable for url: ${url}503`);
        expect(ledgerOf(error.response)?.attempts).toBe(3);
        expect((await session.get('/404')).status).toBe(404);
      },
    );
  });

  test('uses its connections again', async () => {
    await withFaultServer(
      (response) => void response.end('fine'),
      async (server) => {
        const session = createSession({ baseUrl: server.url });
        for (let i = 0; i < 6; i++) await (await session.get('/')).text();
        expect(server.requests).toHaveLength(6);
        // The platform opens a second one on its own.
        expect(server.connections).toBeLessThan(4);
      },
    );
  });

  test('its time limits are of each attempt, and of all together', async () => {
    await withFaultServer(
      () => {},
      async (server) => {
        const attempts = createRetrySession({ retries: 1, backoffFactor: 0 }, 100, { world: withoutWaits() });
        const late: unknown = await attempts.get(server.url).catch((error: unknown) => error);
        expect(late).toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'attempt', timeoutMs: 100 });
        expect(ledgerOf(late)?.attempts).toBe(2);
        const total = createSession({ timeout: 100 });
        await expect(total.get(server.url)).rejects.toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'call' });
      },
    );
  });

  test('a bad base, a misspelt option', () => {
    expect(() => createSession({ baseUrl: '/api' })).toThrow('baseUrl must be an absolute URL, got "/api"');
    expect(() => createSession({ baseUri: 'x' } as SessionOptions)).toThrow("createSession has no option 'baseUri'");
  });
});

describe('secrets and redirects', () => {
  test('a header that proves who is asking never follows to another origin', async () => {
    await withFaultServer(echo, async (other) => {
      const start: Answer = (response, request, n) => {
        if (request.path === '/same') response.writeHead(307, { location: '/echo' }).end();
        else if (request.path === '/other') response.writeHead(302, { location: `${other.url}echo` }).end();
        else echo(response, request, n);
      };
      await withFaultServer(start, async ({ url }) => {
        const auth = new SessionAuth().add(url, () => ({ 'private-token': 's3cret' }));
        const session = createSession({
          auth,
          baseUrl: url,
          headers: { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' },
        });
        const same = await session.json<Echo>('/same');
        expect(same.headers).toMatchObject({ 'private-token': 's3cret', authorization: 'Bearer s3cret' });
        // The second origin has the same host name, and only another port.
        const away = await session.json<Echo>('/other');
        expect(away).toMatchObject({ path: '/echo' });
        expect(JSON.stringify(away.headers)).not.toContain('s3cret');
      });
    });
  });

  test('a POST becomes a GET or stays one, as with fetch', async () => {
    const start: Answer = (response, request, n) => {
      const status = Number(request.path.slice(1));
      if (status > 0) response.writeHead(status, { location: '/' }).end();
      else echo(response, request, n);
    };
    await withFaultServer(start, async ({ url }) => {
      const auth = new SessionAuth().add(url, () => ({ 'x-secret': 's' }));
      const session = createSession({ auth, baseUrl: url });
      for (const status of [301, 302, 303, 307, 308]) {
        const response = await session.post(`/${status}`, { body: 'text', headers: { 'content-type': 'a/b' } });
        const plain = await fetch(`${url}${status}`, {
          method: 'POST',
          body: 'text',
          headers: { 'content-type': 'a/b' },
        });
        const [{ method, body, headers }, expected] = [(await response.json()) as Echo, (await plain.json()) as Echo];
        expect([method, body, headers['content-type']]).toEqual([
          expected.method,
          expected.body,
          expected.headers['content-type'],
        ]);
        const request = new Request(`${url}${status}`, { method: 'POST', body: 'text' });
        expect(await (await session.fetch(request)).json()).toMatchObject({ method, body });
      }
    });
  });

  test('redirects without an end are an error', async () => {
    await withFaultServer(
      (response) => void response.writeHead(302, { location: '/' }).end(),
      async ({ url }) => {
        const auth = new SessionAuth().add(url, () => ({ 'x-secret': 's' }));
        await expect(createSession({ auth }).get(url)).rejects.toThrow('redirected more than 20 times');
        const manual = await createSession({ auth }).get(url, { redirect: 'manual' });
        expect(manual.status).toBe(302);
      },
    );
  });
});

describe("the seed's sessions", () => {
  const always503 = (): { fetch: FetchFunction; sent: () => number } => {
    let sent = 0;
    return { fetch: async () => (sent++, new Response('busy', { status: 503 })), sent: () => sent };
  };

  test.each([
    { retries: 5, requests: 6 },
    { retries: 2, requests: 3 },
    { retries: 8, requests: 9 },
    { retries: 0, requests: 1 },
  ])('$retries retries of a persistent 503 are $requests requests (F23)', async ({ retries, requests }) => {
    const { fetch, sent } = always503();
    const world = virtualWorld();
    expect(
      (await world.run(createRetrySession({ retries }, '60s', { fetch, world }).get('http://a.test/'))).status,
    ).toBe(503);
    expect(sent()).toBe(requests);
  });

  test('repeat what the source repeats, POST included; others leave it alone', async () => {
    const requests = async (make: typeof createSession, method: string): Promise<number> => {
      const { fetch, sent } = always503();
      const world = virtualWorld();
      await world.run(make({ fetch, world }).request(method, 'http://a.test/'));
      return sent();
    };
    const seed: typeof createSession = (options) => createRetrySession({ retries: 2 }, '60s', options);
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST'])
      expect(await requests(seed, method)).toBe(3);
    expect(await requests(seed, 'PATCH')).toBe(1);
    expect(await requests(createSession, 'POST')).toBe(1);
  });

  test('the waits are those of the seed (F5)', async () => {
    const world = virtualWorld({ seed: () => 0.5 });
    const { fetch } = always503();
    const response = await world.run(
      createRetrySession({ retries: 8, backoffFactor: 1.5 }, '60s', { fetch, world }).get('http://a.test/'),
    );
    const waits = ledgerOf(response)
      ?.entries.map(({ waitMs }) => waitMs)
      .filter((waitMs) => waitMs !== undefined);
    expect(waits).toEqual([2000, 3500, 6500, 12_500, 24_500, 48_500, 60_000, 60_000]);
  });

  test('the environment decides, each time anew', async () => {
    const requests = async (env: Record<string, string>): Promise<number> => {
      const { fetch, sent } = always503();
      const world = virtualWorld();
      await world.run(getRetrySession({ env, fetch, world }).get('http://a.test/'));
      return sent();
    };
    expect(await requests({})).toBe(9);
    expect(await requests({ MULLIGAN_HTTP_RETRIES: '2' })).toBe(3);
    expect(await requests({ FROMAGER_HTTP_RETRIES: '3' })).toBe(4);
    expect(await requests({ MULLIGAN_HTTP_RETRIES: '1', FROMAGER_HTTP_RETRIES: '3' })).toBe(2);
    expect(await requests({ MULLIGAN_HTTP_RETRIES: '', FROMAGER_HTTP_RETRIES: ' 3 ' })).toBe(4);
  });

  test.each([
    [{ MULLIGAN_HTTP_RETRIES: 'many' }, 'MULLIGAN_HTTP_RETRIES must be a whole number of at least 0, got "many"'],
    [{ FROMAGER_HTTP_RETRIES: '1.5' }, 'FROMAGER_HTTP_RETRIES must be a whole number of at least 0, got "1.5"'],
    [{ MULLIGAN_HTTP_BACKOFF_FACTOR: '-1' }, 'MULLIGAN_HTTP_BACKOFF_FACTOR must be a number of at least 0, got "-1"'],
    [{ MULLIGAN_HTTP_TIMEOUT: '0' }, 'MULLIGAN_HTTP_TIMEOUT must be a number of seconds above 0, got "0"'],
  ])('%o is answered in a sentence', (env, sentence) => {
    expect(() => getRetrySession({ env })).toThrow(sentence);
    expect(() => getRetrySession({ env })).toThrow(InvalidOptionError);
  });

  test('the token of the environment reaches GitHub and nobody else', async () => {
    const seen: (string | null)[] = [];
    const fetch: FetchFunction = async (_input, init) => {
      seen.push(new Headers(init?.headers).get('authorization'));
      return new Response('{}');
    };
    const session = getRetrySession({ env: { GITHUB_TOKEN: 't0ken', NETRC: '/no/such/file' }, fetch });
    await session.get('https://api.github.com/user');
    await session.get('https://api.github.com.evil.test/user');
    expect(seen).toEqual(['token t0ken', null]);
  });

  test('limits are followed where GITHUB_API_URL says, and end with an error', async () => {
    const limited: FetchFunction = async () => new Response('API rate limit exceeded', { status: 403 });
    const env = { GITHUB_API_URL: 'https://git.test/api/v3', MULLIGAN_HTTP_RETRIES: '0' };
    const session = getRetrySession({ env, fetch: limited });
    await expect(session.get('https://git.test/api/v3/user')).rejects.toBeInstanceOf(GitHubRateLimitError);
    expect((await session.get('https://api.github.com/user')).status).toBe(403);
    const elsewhere = createSession({ github: { hosts: ['git.test'] }, retry: 1, fetch: limited });
    await expect(elsewhere.get('https://git.test/user')).rejects.toBeInstanceOf(GitHubRateLimitError);
    const off = createSession({ github: false, retry: 1, fetch: limited });
    expect((await off.get('https://api.github.com/user')).status).toBe(403);
  });

  test('raiseForStatus lets a good response through', () => {
    const response = new Response('fine');
    expect(raiseForStatus(response)).toBe(response);
    expect(() => raiseForStatus(new Response('', { status: 500, statusText: 'Oops' }))).toThrow(
      '500 Server Error: Oops',
    );
  });

  test('retryOnException retries failures of the network and nothing else', async () => {
    const world = virtualWorld();
    const failing = (error: Error) => {
      let calls = 0;
      const run = retryOnException({ maxAttempts: 3, backoffFactor: 0, maxBackoff: 0 })(async () => {
        calls++;
        throw error;
      });
      return world.run(run()).catch(() => calls);
    };
    expect(await failing(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBe(3);
    expect(await failing(new HttpStatusError(new Response('', { status: 503 })))).toBe(1);
    expect(await failing(new TypeError('x is not a function'))).toBe(1);
    expect(RETRYABLE_ERRORS(Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }))).toBe(false);
    expect(() => retryOnException({ maxAttempts: 0 })).toThrow(
      'maxAttempts must be a whole number of at least 1, got 0',
    );
  });
});
