import { describe, expect, test } from 'vitest';
import { categorize, isTransient } from '../kernel/index.ts';
import { exponential, ledgerOf } from '../retry/index.ts';
import { recorder, virtualWorld } from '../testing/index.ts';
import { createFetch } from './fetch.ts';
import { type GitHubAnswer, type GitHubOptions, GitHubRateLimitError, readGitHubLimit } from './github.ts';
import type { FetchOptions } from './options.ts';

const url = 'https://api.github.com/repos/owner/repo/tags?per_page=100';
const primary = 'API rate limit exceeded for 192.0.2.1.';
const secondary = 'You have exceeded a secondary rate limit.';
const limited =
  (headers: Record<string, string>, text = primary, status = 403) =>
  () =>
    new Response(JSON.stringify({ message: text }), { status, headers });

/** The seed's clock stands at 100 s, and its chance always falls on 0.5. */
function bench(answers: readonly (() => Response)[], options: FetchOptions = {}) {
  const world = virtualWorld({ startAt: 100_000, seed: () => 0.5 });
  const events = recorder();
  let sent = 0;
  const inner = async (): Promise<Response> => answers[Math.min(++sent, answers.length) - 1]!();
  const backoff = exponential({ initial: 1000, max: '60s', jitter: { add: 1000 } });
  const github: GitHubOptions = { endsWith: 'error' };
  const fetch = createFetch({
    fetch: inner,
    world,
    onEvent: events,
    retry: { attempts: 3, backoff },
    github,
    ...options,
  });
  const call = (at = url, init?: RequestInit) => world.run(fetch(at, init)).catch((error: unknown) => error);
  return { call, events, sent: () => sent };
}

const ok = () => new Response('fine');
const busy = () => new Response('busy', { status: 503 });

describe('the vectors of the seed', () => {
  test.each([
    { id: 'F11', reset: '110', waitMs: 15_000 },
    { id: 'F12', reset: '215', waitMs: 120_000 },
    { id: 'F17', reset: undefined, waitMs: 1500 },
    { id: 'F18', reset: '95', waitMs: 1500 },
  ])('$id: a reset at $reset is waited for $waitMs ms', async ({ reset, waitMs }) => {
    const { call, events } = bench([limited(reset === undefined ? {} : { 'x-ratelimit-reset': reset }), ok]);
    expect(await call()).toMatchObject({ status: 200 });
    expect(events.waitsMs).toEqual([waitMs]);
  });

  test('F13: a reset too far away is an error at once', async () => {
    const { call, events, sent } = bench([limited({ 'x-ratelimit-reset': '320' })]);
    const error = (await call()) as GitHubRateLimitError;
    expect(error).toBeInstanceOf(GitHubRateLimitError);
    expect(error.message).toBe(
      'GitHub API rate limit exceeded for https://api.github.com/repos/owner/repo/tags. Reset in 225s. ' +
        'Set GITHUB_TOKEN environment variable to increase the rate limit from 60 to 5000 requests/hour.',
    );
    expect([error.waitMs, error.code, error.response.status]).toEqual([225_000, 'MULLIGAN_GITHUB_RATE_LIMIT', 403]);
    expect(await error.response.json()).toEqual({ message: primary });
    expect(ledgerOf(error)?.reason).toBe('hint-too-long');
    expect([categorize(error), isTransient(error)]).toEqual(['rate-limit', false]);
    expect(events.waitsMs).toEqual([]);
    expect(sent()).toBe(1);
  });

  test('F15: a limit at the last attempt is an error', async () => {
    const { call, sent } = bench([busy, busy, limited({ 'x-ratelimit-reset': '110' })]);
    expect(await call()).toBeInstanceOf(GitHubRateLimitError);
    expect(sent()).toBe(3);
  });

  test('without a reset the message says so', async () => {
    expect(String(await bench([limited({})], { retry: 1 }).call())).toContain('Reset time unknown. Set GITHUB_TOKEN');
  });
});

describe('reading a limit', () => {
  const read = (given: Partial<Omit<GitHubAnswer, 'headers'>>, headers: Record<string, string> = {}) =>
    readGitHubLimit({ status: 403, text: '', attempt: 1, ...given, headers: new Headers(headers) }, 100_000);

  test.each([
    ['the primary limit by its headers', {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '110' }, 15_000],
    [
      'the primary limit as a 429',
      { status: 429 },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '110' },
      15_000,
    ],
    ['Retry-After of the secondary limit', { text: secondary }, { 'retry-after': '30' }, 30_000],
    ['the secondary limit when it says nothing: a minute', { text: secondary }, {}, 60_000],
    ['the secondary limit for the second time: two', { text: secondary, attempt: 2 }, {}, 120_000],
    ['the secondary limit while the primary has room', { text: secondary }, { 'x-ratelimit-remaining': '9' }, 60_000],
    [
      'a server clock that is ahead',
      { text: primary },
      { 'x-ratelimit-reset': '210', date: new Date(200_000).toUTCString() },
      15_000,
    ],
    ['a reset that is no number', { text: primary }, { 'x-ratelimit-reset': 'soon' }, undefined],
  ])('%s', (_what, answer, headers, waitMs) => {
    expect(read(answer, headers)).toEqual({ waitMs });
  });

  test('a refusal of another kind is none', () => {
    expect(read({ text: 'Resource not accessible by integration' }, { 'x-ratelimit-remaining': '12' })).toBeUndefined();
    expect(read({ status: 200, text: 'rate limit' })).toBeUndefined();
    expect(read({ status: 200, text: '{"data":{"rateLimit":{"cost":1}}}' })).toBeUndefined();
    expect(read({ status: 200, text: '{"errors":[{"type":"NOT_FOUND","message":"no rateLimiter"}]}' })).toBeUndefined();
  });

  test('a limit inside the 200 of a GraphQL query is one', () => {
    const text = JSON.stringify({ errors: [{ type: 'RATE_LIMITED', message: primary }] });
    expect(read({ status: 200, text }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '110' })).toEqual({
      waitMs: 15_000,
    });
  });
});

describe('a fetch at GitHub', () => {
  test('repeats a limited GraphQL query, although it is a POST answered 200', async () => {
    const text = JSON.stringify({ errors: [{ type: 'RATE_LIMITED', message: primary }] });
    const graphQL = () => new Response(text, { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '110' } });
    const { call, events } = bench([graphQL, () => new Response('{"data":{}}')]);
    const response = (await call('https://api.github.com/graphql', { method: 'POST', body: '{}' })) as Response;
    expect(await response.json()).toEqual({ data: {} });
    expect(events.waitsMs).toEqual([15_000]);
  });

  test('returns the response, readable, unless an error is wanted', async () => {
    const { call } = bench([limited({ 'x-ratelimit-reset': '320' })], { github: {} });
    const response = (await call()) as Response;
    expect(await response.json()).toEqual({ message: primary });
    expect(ledgerOf(response)?.reason).toBe('hint-too-long');
    expect(response.headers.get('x-should-retry')).toBe('false');
  });

  test('holds all other calls to it', async () => {
    const { call, events } = bench([limited({ 'x-ratelimit-reset': '110' }), ok]);
    await call();
    expect(events.of('http.held')).toMatchObject([{ name: 'https://api.github.com', holdMs: 15_000 }]);
  });

  test('leaves a plain 403 alone, and every other host, also one that looks like it', async () => {
    expect(await bench([limited({}, 'Forbidden')]).call()).toMatchObject({ status: 403 });
    for (const host of ['api.github.com.evil.test', 'evil.test', 'github.com', 'api.github.com:8443']) {
      const { call, sent } = bench([limited({ 'x-ratelimit-reset': '110' })]);
      expect(await call(`https://${host}/`)).toMatchObject({ status: 403 });
      expect(sent()).toBe(1);
    }
    const off = bench([limited({ 'x-ratelimit-reset': '110' })], { github: false });
    expect(await off.call()).toMatchObject({ status: 403 });
    const own = bench([limited({}), ok], { github: { hosts: ['git.test:8443'] } });
    expect(await own.call('https://git.test:8443/api/v3/')).toMatchObject({ status: 200 });
  });
});
