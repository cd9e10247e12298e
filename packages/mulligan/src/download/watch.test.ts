import { describe, expect, test } from 'vitest';
import { HttpStatusError } from '../http/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { DownloadFileError } from './error.ts';
import { IdleWatch } from './idle-watch.ts';
import type { DownloadOptions, DownloadProgress } from './options.ts';
import { planDownload } from './plan.ts';
import { ProgressReporter } from './progress.ts';
import { Recovery } from './recovery.ts';
import { Sources } from './source.ts';

describe('a watch', () => {
  function watching(idleMs: number) {
    const world = virtualWorld();
    const idleAt: number[] = [];
    const watch = new IdleWatch(world, idleMs, () => idleAt.push(world.now()));
    return { world, watch, idleAt };
  }

  test('ends what has been silent for too long, counted from the last byte on', async () => {
    const { world, watch, idleAt } = watching(1000);
    await world.advance(900);
    watch.heard();
    await world.advance(999);
    expect(idleAt).toEqual([]);
    await world.advance(1);
    expect(idleAt).toEqual([1900]);
  });

  test('does not count a slow disk', async () => {
    const { world, watch, idleAt } = watching(1000);
    let written = (): void => {};
    const work = watch.pausedFor(new Promise<void>((resolve) => (written = resolve)));
    await world.advance(10_000);
    expect(idleAt).toEqual([]);
    written();
    await work;
    await world.advance(2000);
    expect(idleAt).toHaveLength(1);
  });

  test('leaves no timer behind', async () => {
    const { world, watch, idleAt } = watching(1000);
    watch[Symbol.dispose]();
    await world.advance(5000);
    expect(idleAt).toEqual([]);
  });
});

test('progress is told at intervals, with a rate and the time that is left', async () => {
  const world = virtualWorld();
  const seen: DownloadProgress[] = [];
  const plan = planDownload('https://a.test/f', {
    world,
    onProgress: (progress) => seen.push(progress),
    progressEvery: 100,
  });
  let bytes = 1000;
  const reporter = new ProgressReporter(plan, bytes, () => ({ url: '', bytes, totalBytes: 11_000, attempts: 1 }));
  for (let i = 0; i < 10; i++) {
    await world.advance(50);
    bytes += 100;
    reporter.look();
  }
  expect(seen.map((progress) => progress.bytes)).toEqual([1200, 1400, 1600, 1800, 2000]);
  expect(seen.at(-1)).toMatchObject({ bytesPerSecond: 2000, remainingMs: 4500, resumedFromBytes: 1000 });
});

describe('after a failure', () => {
  const status = (code: number, headers: Record<string, string> = {}) =>
    new HttpStatusError(new Response(null, { status: code, headers }));
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const context = { number: 1 } as never;

  function recovering(urls: readonly string[], options: DownloadOptions = {}) {
    const plan = planDownload({ urls }, { world: virtualWorld(), ...options });
    const sources = new Sources(plan.sources);
    const recovery = new Recovery(plan, sources, 0);
    const after = (error: unknown, bytes = 0) => recovery.after(error, context, { bytes, source: sources.current });
    return { recovery, after, sources };
  }

  test('there is another attempt, until there were as many as there may be', () => {
    const { after } = recovering(['https://a.test/'], { retry: 3 });
    expect([after(reset), after(reset), after(reset)]).toEqual([
      { retry: true },
      { retry: true },
      { retry: false, reason: 'attempts' },
    ]);
  });

  test('the server is obeyed, within bounds', () => {
    const { after } = recovering(['https://a.test/'], { retry: 9, maxHintWait: '10s' });
    expect(after(status(503, { 'retry-after': '7' }))).toEqual({ retry: true, atLeastMs: 7000, source: 'retry-after' });
    expect(after(status(503, { 'retry-after': '11' }))).toEqual({ retry: false, reason: 'hint-too-long' });
    expect(after(status(404))).toEqual({ retry: false });
  });

  test('waits grow from the last progress on', () => {
    const waits: number[] = [];
    const backoff = (retry: number): number => waits.push(retry);
    const { recovery, after } = recovering(['https://a.test/'], { retry: { attempts: 9, backoff } });
    waits.length = 0;
    for (const bytes of [0, 0, 2_000_000, 2_000_000]) {
      after(reset, bytes);
      recovery.backoff(99, 1000, Math.random);
    }
    expect(waits).toEqual([1, 2, 1, 2]);
  });

  test('a mirror is asked at once, a second round waits', () => {
    const { after, sources } = recovering(['https://a.test/', 'https://b.test/']);
    expect(after(reset)).toEqual({ retry: true, waitMs: 0, source: 'failover' });
    expect(sources.current.shown).toBe('https://b.test/');
    expect(after(reset)).toEqual({ retry: true });
    expect(sources.current.shown).toBe('https://a.test/');
  });

  test('a mirror that brings something is kept', () => {
    const { after, sources } = recovering(['https://a.test/', 'https://b.test/']);
    expect(after(reset, 2_000_000)).toEqual({ retry: true });
    expect(sources.current.shown).toBe('https://a.test/');
  });

  test('no mirror helps a full disk', () => {
    const { after } = recovering(['https://a.test/', 'https://b.test/']);
    const full = new DownloadFileError('x', Object.assign(new Error('full'), { code: 'ENOSPC' }));
    expect(full.message).toBe('x cannot be read or written: the disk is full');
    expect(after(full)).toEqual({ retry: false });
  });

  test("the caller's own word on an error counts", () => {
    const { after } = recovering(['https://a.test/'], { retry: { on: () => '3s' } });
    expect(after(new Error('odd'))).toBe('3s');
  });
});
