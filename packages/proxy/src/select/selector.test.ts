import fc from 'fast-check';
import { seededRandom, virtualWorld } from 'mulligan/testing';
import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  explainChoice,
  score,
  type SelectionRequest,
  Selector,
  type SelectorOptions,
  type Strategy,
  strategyNames,
} from './index.ts';

interface Fake extends Candidate {
  stats: { -readonly [key in keyof Candidate['stats']]: Candidate['stats'][key] };
  reason: string | undefined;
  waitMs: number;
  region: string | undefined;
  tags: string[];
}

function fake(id: string, changes: Partial<Omit<Fake, 'stats'>> & { stats?: Partial<Fake['stats']> } = {}): Fake {
  const stats = {
    requests: 0,
    successes: 0,
    started: 0,
    inFlight: 0,
    recentLatencyMs: 0,
    ewmaLatencyMs: undefined,
    ewmaSuccess: 1,
  };
  return {
    id,
    region: undefined,
    tags: [],
    weight: 1,
    cost: 0,
    reason: undefined,
    waitMs: 0,
    availability() {
      return { reason: this.reason, waitMs: this.waitMs };
    },
    ...changes,
    stats: { ...stats, ...changes.stats },
  };
}

function selectorOf(options: SelectorOptions, ...candidates: Fake[]): Selector<Fake> {
  const selector = new Selector<Fake>({ world: virtualWorld(), ...options });
  for (const candidate of candidates) selector.added(candidate);
  return selector;
}

const many = (count: number, request?: () => Fake | undefined): (string | undefined)[] =>
  Array.from({ length: count }, () => request?.()?.id);

describe('strategies', () => {
  test('round-robin takes one after the other, and a new one when its turn comes', () => {
    const selector = selectorOf({ strategy: 'round-robin' }, fake('a'), fake('b'), fake('c'));
    expect(many(4, () => selector.choose())).toEqual(['a', 'b', 'c', 'a']);
    selector.added(fake('d'));
    expect(many(5, () => selector.choose())).toEqual(['d', 'b', 'c', 'a', 'd']);
  });

  test('least-used takes the one with the fewest attempts begun', () => {
    const [a, b] = [fake('a', { stats: { started: 5 } }), fake('b', { stats: { started: 3 } })];
    const selector = selectorOf({ strategy: 'least-used' }, a, b);
    expect(selector.choose()).toBe(b);
    b.stats.started = 6;
    selector.changed(b);
    expect(selector.choose()).toBe(a);
  });

  test('lowest-cost takes the cheapest', () => {
    const selector = selectorOf({ strategy: 'lowest-cost' }, fake('a', { cost: 2 }), fake('b', { cost: 1 }));
    expect(selector.choose()?.id).toBe('b');
  });

  test('weighted and random draw by lot', () => {
    const candidates = [fake('a', { weight: 1 }), fake('b', { weight: 9 })];
    for (const [strategy, share] of [
      ['weighted', 0.9],
      ['random', 0.5],
    ] as const) {
      const selector = selectorOf({ strategy, world: virtualWorld({ seed: 3 }) }, ...candidates);
      const chosen = many(2000, () => selector.choose());
      expect(chosen.filter((id) => id === 'b').length / 2000).toBeCloseTo(share, 1);
    }
  });

  test('of two choices the one with less load wins: latency times requests in flight by success', () => {
    const quick = fake('quick', { stats: { ewmaLatencyMs: 10 } });
    const slow = fake('slow', { stats: { ewmaLatencyMs: 25 } });
    const selector = selectorOf({}, quick, slow);
    expect(selector.choose()).toBe(quick);
    quick.stats.inFlight = 2;
    expect(selector.choose()).toBe(slow);
    quick.stats.inFlight = 0;
    quick.stats.ewmaSuccess = 0.3;
    expect(selector.choose()).toBe(slow);
  });

  test('a proxy that nothing is known of gets its chance, but not from everybody at once', () => {
    const known = fake('known', { stats: { ewmaLatencyMs: 10 } });
    const unknown = fake('unknown');
    const selector = selectorOf({}, known, unknown);
    selector.changed(known);
    expect(selector.choose()).toBe(unknown);
    unknown.stats.inFlight = 1;
    expect(selector.choose()).toBe(known);
  });

  test('a strategy of the caller’s own is taken, and what it makes no sense of is left out', () => {
    const strategy: Strategy = {
      name: 'longest-id',
      kind: 'rank',
      rank: ({ id }) => (id === 'none' ? Number.NaN : id.length),
    };
    const selector = selectorOf({ strategy }, fake('none'), fake('aa'), fake('bbb'));
    expect(selector.choose()?.id).toBe('bbb');
  });

  test('a new strategy is in force for the next choice', () => {
    const selector = selectorOf(
      { strategy: 'round-robin' },
      fake('a', { cost: 2 }),
      fake('b', { cost: 1 }),
      fake('c', { cost: 3 }),
    );
    selector.choose();
    selector.strategy = 'lowest-cost';
    expect(many(2, () => selector.choose())).toEqual(['b', 'b']);
    expect(() => {
      selector.strategy = 'best' as never;
    }).toThrow("strategy must be one of 'round-robin', 'random'");
  });

  test('retries have a strategy of their own', () => {
    const good = fake('good', { stats: { requests: 100, successes: 95 } });
    const bad = fake('bad', { stats: { requests: 100, successes: 60 } });
    const selector = selectorOf({ strategy: 'round-robin' }, bad, good);
    expect([selector.choose()?.id, selector.choose({ isRetry: true })?.id]).toEqual(['bad', 'good']);
  });
});

describe('the best score is exactly what sorting all would find', () => {
  const regions = [undefined, 'US', 'EU'];
  const candidate = fc.record({
    requests: fc.nat({ max: 4 }),
    share: fc.constantFrom(0, 0.5, 1),
    recentLatencyMs: fc.constantFrom(0, 2000, 20_000),
    region: fc.constantFrom(...regions),
    isOut: fc.boolean(),
  });
  const step = fc.record({
    index: fc.nat({ max: 11 }),
    to: candidate,
    region: fc.constantFrom(...regions),
    excluded: fc.nat({ max: 11 }),
  });

  test('after any changes, with any exclusions and any region', () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { minLength: 1, maxLength: 12 }),
        fc.array(step, { maxLength: 20 }),
        (first, steps) => {
          const all = first.map((_, index) => fake(`${index}`));
          const become = (
            one: Fake,
            { requests, share, recentLatencyMs, region, isOut }: (typeof first)[number],
          ): void => {
            Object.assign(one.stats, { requests, successes: Math.floor(requests * share), recentLatencyMs });
            one.region = region;
            one.reason = isOut ? 'paused' : undefined;
            one.waitMs = isOut ? Number.POSITIVE_INFINITY : 0;
          };
          for (const [index, one] of all.entries()) become(one, first[index]!);
          const selector = selectorOf({ strategy: 'best-score' }, ...all);
          for (const { index, to, region, excluded } of steps) {
            const changed = all[index % all.length]!;
            become(changed, to);
            selector.changed(changed);
            const exclude = new Set([all[excluded % all.length]!]);
            const points = ({ stats, region: own }: Fake): number =>
              score({ ...stats, latencyMs: stats.recentLatencyMs, isInRegion: region !== undefined && own === region });
            const able = all.filter((one) => one.reason === undefined && !exclude.has(one));
            const [best] = able.toSorted((a, b) => points(b) - points(a));
            expect(selector.choose({ region, exclude })?.id).toBe(best?.id);
          }
        },
      ),
    );
  });
});

test('with any strategy, whatever is chosen can be used, is not excluded and is as was asked for', () => {
  const candidate = fc.record({
    region: fc.constantFrom('US', 'EU'),
    tags: fc.subarray(['fast', 'cheap']),
    isOut: fc.boolean(),
  });
  const wish = fc.record({
    region: fc.constantFrom(undefined, 'US', 'EU'),
    regionOnly: fc.boolean(),
    tags: fc.subarray(['fast', 'cheap']),
    isRetry: fc.boolean(),
    session: fc.constantFrom(undefined, 'one', 'two'),
    excluded: fc.array(fc.nat({ max: 7 }), { maxLength: 3 }),
    refused: fc.nat({ max: 7 }),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...strategyNames),
      fc.array(candidate, { minLength: 1, maxLength: 8 }),
      fc.array(wish, { maxLength: 10 }),
      fc.nat(),
      (strategy, given, wishes, seed) => {
        const all = given.map(({ region, tags, isOut }, index) =>
          fake(`${index}`, {
            region,
            tags,
            reason: isOut ? 'busy' : undefined,
            waitMs: isOut ? Number.POSITIVE_INFINITY : 0,
          }),
        );
        const selector = selectorOf({ strategy, world: virtualWorld({ seed: seededRandom(seed) }) }, ...all);
        for (const { excluded, refused, ...rest } of wishes) {
          const exclude = new Set(excluded.flatMap((index) => all[index] ?? []));
          const accepts = (one: Fake): boolean => one !== all[refused];
          const { tags, region, regionOnly } = rest;
          const fits = (one: Fake): boolean =>
            one.reason === undefined &&
            !exclude.has(one) &&
            accepts(one) &&
            tags.every((tag) => one.tags.includes(tag)) &&
            !(regionOnly && region !== undefined && one.region !== region);
          const chosen = selector.choose({ ...rest, exclude, accepts });
          if (chosen === undefined) expect(all.filter(fits)).toEqual([]);
          else expect(fits(chosen)).toBe(true);
        }
      },
    ),
  );
});

describe('regions and tags', () => {
  test('a region is preferred, and left when nothing there can be used', () => {
    const near = fake('near', { region: 'EU' });
    const selector = selectorOf({ strategy: 'round-robin' }, fake('far', { region: 'US' }), near);
    expect(many(2, () => selector.choose({ region: 'EU' }))).toEqual(['near', 'near']);
    near.reason = 'paused';
    selector.changed(near);
    expect(selector.choose({ region: 'EU' })?.id).toBe('far');
    expect(selector.choose({ region: 'EU', regionOnly: true })).toBeUndefined();
  });

  test('a proxy whose tags change comes and goes', () => {
    const one = fake('one');
    const selector = selectorOf({ strategy: 'round-robin' }, one, fake('two', { tags: ['fast'] }));
    expect(selector.choose({ tags: ['fast'] })?.id).toBe('two');
    one.tags = ['fast'];
    selector.changed(one);
    expect(selector.choose({ tags: ['fast'] })?.id).toBe('one');
    one.tags = [];
    selector.changed(one);
    expect(many(2, () => selector.choose({ tags: ['fast'] }))).toEqual(['two', 'two']);
  });
});

describe('sessions', () => {
  test('stay with their proxy, and get another when it cannot be used', () => {
    const world = virtualWorld();
    const [a, b] = [fake('a'), fake('b')];
    const selector = selectorOf({ strategy: 'round-robin', sessionTtl: '1m', world }, a, b);
    expect(many(3, () => selector.choose({ session: 's' }))).toEqual(['a', 'a', 'a']);
    expect(selector.choose({ session: 'other' })?.id).toBe('b');
    expect(selector.choose({ session: 's', exclude: new Set([a]) })?.id).toBe('b');
    expect(selector.choose({ session: 's' })?.id).toBe('b');
  });

  test('are forgotten after their time', async () => {
    const world = virtualWorld();
    const selector = selectorOf({ strategy: 'round-robin', sessionTtl: '1m', world }, fake('a'), fake('b'));
    selector.choose({ session: 's' });
    await world.advance('59s');
    expect(selector.choose({ session: 's' })?.id).toBe('a');
    await world.advance('61s');
    expect(selector.choose({ session: 's' })?.id).toBe('b');
  });
});

describe('who cannot be used', () => {
  test('is back when its time has come, without being told', async () => {
    const world = virtualWorld();
    const out = fake('out', { reason: 'breaker-open', waitMs: 30_000 });
    const selector = selectorOf({ world }, out);
    expect([selector.choose(), selector.waitMs]).toEqual([undefined, 30_000]);
    await world.advance('10s');
    expect(selector.waitMs).toBe(20_000);
    out.reason = undefined;
    await world.advance('20s');
    expect([selector.waitMs, selector.choose()]).toEqual([0, out]);
  });

  test('is told of, with the reason', () => {
    const chosen = fake('chosen', { tags: ['fast'] });
    const tried = fake('tried', { tags: ['fast'] });
    const out = fake('out', { tags: ['fast'], reason: 'paused', waitMs: Number.POSITIVE_INFINITY });
    const selector = selectorOf(
      { strategy: 'round-robin' },
      tried,
      chosen,
      out,
      fake('slow'),
      fake('resting', { tags: ['fast'] }),
    );
    const wish: SelectionRequest<Fake> = {
      tags: ['fast'],
      exclude: new Set([tried]),
      accepts: ({ id }) => id !== 'resting',
    };
    const { candidates, ...rest } = explainChoice(selector, wish);
    expect(rest).toEqual({ strategy: 'round-robin', chosen: 'chosen', isHeldBySession: false });
    expect(candidates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['tried', 'excluded'],
      ['chosen', 'chosen'],
      ['out', 'paused'],
      ['slow', 'lacks-tags'],
      ['resting', 'resting'],
    ]);
  });

  test('is gone when removed, and the others keep their order', () => {
    const all = Array.from({ length: 300 }, (_, index) => fake(`${index}`));
    const selector = selectorOf({ strategy: 'round-robin' }, ...all);
    selector.choose();
    for (const one of all.slice(0, 290)) selector.removed(one);
    expect(many(11, () => selector.choose())).toEqual([...all.slice(290).map(({ id }) => id), '290']);
    for (const one of all) selector.removed(one);
    expect([selector.choose(), selector.waitMs]).toEqual([undefined, Number.POSITIVE_INFINITY]);
  });
});
