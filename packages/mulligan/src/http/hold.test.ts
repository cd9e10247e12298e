import { describe, expect, test } from 'vitest';
import { categorize } from '../kernel/index.ts';
import { constant, ledgerOf } from '../retry/index.ts';
import { recorder, virtualWorld } from '../testing/index.ts';
import { createFetch } from './fetch.ts';
import type { FetchFunction, FetchOptions } from './options.ts';

const url = 'https://api.test/items';
const limited =
  (seconds: number, code = 429) =>
  () =>
    new Response('slow down', { status: code, headers: { 'retry-after': String(seconds) } });
const ok = () => new Response('fine');

function bench(answers: readonly (() => Response)[], options: FetchOptions = {}) {
  const world = virtualWorld();
  const events = recorder();
  const sentAt: number[] = [];
  const inner: FetchFunction = async () => {
    sentAt.push(world.now());
    return answers[Math.min(sentAt.length, answers.length) - 1]!();
  };
  const retry = { backoff: constant(10) };
  const fetch = createFetch({ fetch: inner, world, onEvent: events, retry, ...options });
  return { world, events, sentAt, fetch };
}

describe('a server that says how long to wait', () => {
  test('is never asked again earlier, nor much later', async () => {
    const { world, fetch, sentAt, events } = bench([limited(30), ok]);
    expect((await world.run(fetch(url))).status).toBe(200);
    expect(sentAt[1]).toBeGreaterThanOrEqual(30_000);
    expect(sentAt[1]).toBeLessThanOrEqual(33_000);
    expect(events.of('retry.scheduled')[0]).toMatchObject({ waitSource: 'retry-after' });
  });

  test('is not asked by all at the same moment', async () => {
    const { world, fetch, sentAt } = bench([limited(30), limited(30), limited(30), limited(30), ok], { hold: false });
    await world.run(Promise.all(Array.from({ length: 4 }, () => fetch(url))));
    expect(new Set(sentAt.slice(4)).size).toBe(4);
  });

  test('without jitter, to the dot', async () => {
    const { world, fetch, sentAt } = bench([limited(30), ok], { hintJitter: 0 });
    await world.run(fetch(url));
    expect(sentAt).toEqual([0, 30_000]);
  });

  test('and asks for too much gets no second request; its response is returned', async () => {
    const { world, fetch, sentAt } = bench([limited(61)]);
    const response = await world.run(fetch(url));
    expect(await response.text()).toBe('slow down');
    expect(ledgerOf(response)?.reason).toBe('hint-too-long');
    expect(sentAt).toEqual([0]);
  });

  test('and asks for too much is given as much as is allowed, or nothing, when that is wanted', async () => {
    const clamped = bench([limited(3600), ok], { maxHintWait: '20s', ifHintTooLong: 'clamp', hintJitter: 0 });
    await clamped.world.run(clamped.fetch(url));
    expect(clamped.sentAt).toEqual([0, 20_000]);
    const ignored = bench([limited(3600), ok], { ifHintTooLong: 'ignore' });
    await ignored.world.run(ignored.fetch(url));
    expect(ignored.sentAt).toEqual([0, 10]);
  });

  test('and asks for more than is left gets no second request', async () => {
    const { world, fetch } = bench([limited(30)], { timeout: '20s' });
    const response = await world.run(fetch(url));
    expect(response.status).toBe(429);
    expect(ledgerOf(response)?.reason).toBe('deadline');
    expect(world.now()).toBe(0);
  });
});

describe('a hold', () => {
  test.each([429, 503])('by a %i pauses every call to the origin, and no other', async (code) => {
    const { world, fetch, sentAt, events } = bench([limited(30, code), ok]);
    const first = fetch(url);
    await world.advance(1000);
    const siblings = [fetch(`${url}/2`), fetch(new Request('https://api.test/else')), fetch(new URL('/x', url))];
    const other = await fetch('https://other.test/');
    expect(other.status).toBe(200);
    await world.run(Promise.all([first, ...siblings]));
    expect(sentAt).toHaveLength(6);
    expect(sentAt[1]).toBe(1000);
    for (const at of sentAt.slice(2)) expect(at).toBeGreaterThanOrEqual(30_000);
    expect(new Set(sentAt.slice(2)).size).toBe(4);
    expect(events.of('http.held')).toMatchObject([{ name: 'https://api.test', holdMs: 30_000 }]);
  });

  test('can be switched off', async () => {
    const { world, fetch, sentAt } = bench([limited(30), ok], { hold: false });
    const first = fetch(url);
    await world.advance(1000);
    await fetch(url);
    expect(sentAt).toEqual([0, 1000]);
    await world.run(first);
  });

  test('is prolonged by a later answer, and shortened by none', async () => {
    const { world, fetch, sentAt } = bench([limited(10), limited(40), limited(5), ok], { hintJitter: 0 });
    const calls = Promise.all([fetch(url), fetch(url), fetch(url)]);
    await world.advance(1000);
    const late = fetch(url);
    await world.run(Promise.all([calls, late]));
    expect(sentAt.slice(0, 3)).toEqual([0, 0, 0]);
    for (const at of sentAt.slice(3)) expect(at).toBeGreaterThanOrEqual(40_000);
  });

  test('ends for a call that is aborted, with its reason', async () => {
    const { world, fetch, sentAt } = bench([limited(30), ok]);
    const first = fetch(url);
    await world.advance(1000);
    const controller = new AbortController();
    const held = fetch(url, { signal: controller.signal }).catch((reason: unknown) => reason);
    await world.advance(1000);
    controller.abort('enough');
    expect(await held).toBe('enough');
    expect(sentAt).toHaveLength(1);
    await world.run(first);
  });

  test('refuses a call that has no time to wait, at once, and says how long it is', async () => {
    const { world, fetch, sentAt } = bench([limited(30), ok], { timeout: '20s' });
    expect((await world.run(fetch(url))).status).toBe(429);
    await world.advance(1000);
    const error: unknown = await world.run(fetch(url).catch((reason: unknown) => reason));
    expect(error).toMatchObject({ name: 'HeldError', code: 'MULLIGAN_HELD', retryAfterMs: 29_000 });
    expect(String(error)).toContain('GET api.test: the host asked to wait another 29 s');
    expect(ledgerOf(error)?.reason).toBe('deadline');
    expect(categorize(error)).toBe('rate-limit');
    expect(world.now()).toBe(1000);
    await world.advance('15s');
    expect((await world.run(fetch(url))).status).toBe(200);
    expect(sentAt[1]).toBeGreaterThanOrEqual(30_000);
  });

  test('does not count as time of the attempt', async () => {
    const { world, fetch } = bench([limited(10), ok], { attemptTimeout: '2s' });
    const first = fetch(url);
    await world.advance(1000);
    const responses = await world.run(Promise.all([first, fetch(url)]));
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('is not started by a hint that is too long: each call hears for itself', async () => {
    const { world, fetch, sentAt } = bench([limited(3600)]);
    await world.run(fetch(url));
    await world.run(fetch(url));
    expect(sentAt).toEqual([0, 0]);
  });
});
