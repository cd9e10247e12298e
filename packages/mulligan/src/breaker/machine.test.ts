import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BreakerState } from '../kernel/index.ts';
import { BreakerMachine, refused } from './machine.ts';
import type { BreakerSettings } from './options.ts';
import { type BreakerPlan, planBreaker } from './plan.ts';

interface Entry {
  readonly atMs: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

/** A stretch of time in one state. A call belongs to the era in which it began. */
interface Era {
  readonly state: BreakerState;
  readonly untilMs: number;
  readonly tests: Map<number, number>;
  passed: number;
}

/** The same machine written down without any care for speed: it remembers everything and counts anew each time. */
class Model {
  readonly plan: BreakerPlan;
  readonly kind: string;
  era: Era = { state: 'closed', untilMs: 0, tests: new Map(), passed: 0 };
  entries: Entry[] = [];
  openings = 0;

  constructor(plan: BreakerPlan) {
    this.plan = plan;
    [this.kind = ''] = plan.windowKey.split(' ');
  }

  enter(state: BreakerState, untilMs = 0): void {
    this.era = { state, untilMs, tests: new Map(), passed: 0 };
  }

  counted(nowMs: number): readonly Entry[] {
    const { entries, plan } = this;
    if (this.kind === 'log') return entries.filter(({ atMs, failed }) => failed && nowMs - atMs <= plan.windowMs);
    if (this.kind === 'ring') return entries.slice(-Number(plan.windowKey.split(' ')[1]));
    if (this.kind === 'streak') return entries.slice(entries.findLastIndex(({ failed }) => !failed) + 1);
    const part = (ms: number): number => Math.floor(ms / (plan.windowMs / 10));
    return entries.filter(({ atMs }) => part(atMs) > part(nowMs) - 10);
  }

  failures(nowMs: number): number {
    return this.counted(nowMs).filter(({ failed }) => failed).length;
  }

  running(nowMs: number): number {
    return [...this.era.tests.values()].filter((sinceMs) => nowMs - sinceMs < this.plan.maxWaitMs).length;
  }

  allows(nowMs: number): boolean {
    if (this.era.state === 'open') return nowMs >= this.era.untilMs;
    if (this.era.state === 'half_open') return this.running(nowMs) < this.plan.permits;
    return this.era.state === 'closed';
  }

  begin(id: number, nowMs: number): Era | undefined {
    if (!this.allows(nowMs)) return undefined;
    if (this.era.state === 'open') this.enter('half_open');
    if (this.era.state === 'half_open') {
      for (const [test, sinceMs] of this.era.tests)
        if (nowMs - sinceMs >= this.plan.maxWaitMs) this.era.tests.delete(test);
      this.era.tests.set(id, nowMs);
    }
    return this.era;
  }

  end(
    call: { id: number; era: Era; startedMs: number },
    nowMs: number,
    verdict: 'success' | 'failure' | 'release',
  ): void {
    if (call.era !== this.era) return;
    const isTest = this.era.state === 'half_open';
    if (isTest && !this.era.tests.delete(call.id)) return;
    if (verdict === 'release') return;
    const failed = verdict === 'failure';
    const slow = nowMs - call.startedMs > this.plan.slowCallMs;
    if (!isTest || failed) this.entries.push({ atMs: nowMs, failed, slow });
    if (isTest) this.judgeTest(nowMs, failed || slow);
    else if (this.isTripped(nowMs)) this.open(nowMs);
  }

  judgeTest(nowMs: number, failed: boolean): void {
    if (failed) this.open(nowMs);
    else if (++this.era.passed >= this.plan.successes) this.reset();
  }

  isTripped(nowMs: number): boolean {
    const counted = this.counted(nowMs);
    const share = (key: 'failed' | 'slow'): number => counted.filter((entry) => entry[key]).length / counted.length;
    if (this.failures(nowMs) >= this.plan.failures) return true;
    if (counted.length < this.plan.minimumCalls) return false;
    return share('failed') >= this.plan.failureRate || share('slow') >= this.plan.slowCallRate;
  }

  open(nowMs: number): void {
    this.openings++;
    this.enter('open', nowMs + this.plan.openForMs(this.openings, undefined));
  }

  reset(): void {
    this.entries = [];
    this.openings = 0;
    this.enter('closed');
  }
}

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

const halfOpen = fc.record({
  permits: fc.integer({ min: 1, max: 3 }),
  successes: fc.integer({ min: 1, max: 3 }),
  maxWait: ms(40),
});
const openFor = fc.oneof(ms(20), fc.record({ initial: ms(10), max: fc.integer({ min: 10, max: 40 }) }));
const failures = fc.integer({ min: 1, max: 4 });
const rate = fc.constantFrom(0.25, 0.5, 1);

const settings: fc.Arbitrary<BreakerSettings> = fc.oneof(
  fc.record({ failures, window: ms(60), openFor, halfOpen }),
  fc.record({ failures, window: fc.constant('consecutive' as const), openFor, halfOpen }),
  fc.record({
    failures,
    window: fc.record({ calls: fc.integer({ min: 4, max: 40 }) }),
    failureRate: rate,
    slowCallRate: rate,
    slowCall: ms(20),
    minimumCalls: fc.integer({ min: 1, max: 4 }),
    openFor,
    halfOpen,
  }),
  fc.record({ failureRate: rate, minimumCalls: fc.integer({ min: 1, max: 6 }), window: ms(200), openFor, halfOpen }),
);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'begin' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('success' as const, 'failure' as const), call: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), call: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), forMs: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('isolate' as const, 'reset' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Does the same to the machine and to the model. */
class Pair {
  readonly machine: BreakerMachine;
  readonly model: Model;
  nowMs = 0;
  #ids = 0;
  /** Whether both have let the same calls through so far. */
  #hasAgreed = true;
  readonly #calls: { ticket: number; id: number; era: Era; startedMs: number }[] = [];

  constructor(plan: BreakerPlan) {
    this.machine = new BreakerMachine(plan);
    this.model = new Model(plan);
  }

  do(action: Step): void {
    switch (action.kind) {
      case 'wait':
        this.nowMs += action.forMs;
        break;
      case 'begin':
        this.#begin();
        break;
      case 'isolate':
        this.machine.isolate();
        this.model.enter('isolated');
        break;
      case 'reset':
        this.machine.reset();
        this.model.reset();
        break;
      default:
        this.#end(action.kind, action.call);
    }
  }

  #begin(): void {
    const id = this.#ids++;
    const ticket = this.machine.acquire(this.nowMs);
    const era = this.model.begin(id, this.nowMs);
    if (era !== undefined) this.#calls.push({ ticket, id, era, startedMs: this.nowMs });
    this.#hasAgreed &&= (ticket !== refused) === (era !== undefined);
  }

  #end(verdict: 'success' | 'failure' | 'release', index: number): void {
    const [call] = this.#calls.splice(index, 1);
    if (call === undefined) return;
    const ended = { ticket: call.ticket, nowMs: this.nowMs, durationMs: this.nowMs - call.startedMs };
    if (verdict === 'success') this.machine.succeed(ended);
    else if (verdict === 'failure') this.machine.fail(ended, undefined);
    else this.machine.release(call.ticket);
    this.model.end(call, this.nowMs, verdict);
  }

  /** What the machine shows, and what it should show. */
  look(): [shown: unknown, expected: unknown] {
    const { machine, model, nowMs } = this;
    const leftMs = model.era.state === 'open' ? Math.max(model.era.untilMs - nowMs, 0) : 0;
    const retryAfterMs = model.era.state === 'isolated' ? Number.POSITIVE_INFINITY : leftMs;
    return [
      [this.#hasAgreed, machine.state, machine.failures(nowMs), machine.allows(nowMs), machine.retryAfterMs(nowMs)],
      [true, model.era.state, model.failures(nowMs), model.allows(nowMs), retryAfterMs],
    ];
  }
}

test('the machine and a model that counts everything anew never disagree', () => {
  fc.assert(
    fc.property(settings, fc.array(step, { maxLength: 80 }), (given, steps) => {
      const pair = new Pair(planBreaker(given, () => 0));
      for (const action of steps) {
        pair.do(action);
        const [shown, expected] = pair.look();
        expect(shown).toEqual(expected);
      }
    }),
  );
});

test('looking at the machine changes nothing', () => {
  fc.assert(
    fc.property(settings, fc.array(step, { maxLength: 40 }), (given, steps) => {
      const [watched, left] = [0, 1].map(() => new Pair(planBreaker(given, () => 0))) as [Pair, Pair];
      for (const action of steps) {
        watched.do(action);
        for (let look = 0; look < 3; look++) watched.look();
        left.do(action);
      }
      expect(watched.look()).toEqual(left.look());
    }),
  );
});
