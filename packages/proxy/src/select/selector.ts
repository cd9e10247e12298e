import { checkDuration, checkNumber, type Duration, systemWorld, type World } from 'mulligan';
import type { Candidate } from './candidate.ts';
import { ExpiringMap } from './expiring-map.ts';
import type { Entry } from './entry.ts';
import type { ChoiceTerms } from './group.ts';
import { Groups } from './groups.ts';
import { obstacleTo } from './obstacle.ts';
import { Parking } from './parking.ts';
import type { SelectionRequest } from './selection-request.ts';
import { resolveStrategy, type Strategy, type StrategyName } from './strategy.ts';

/** Options of {@link Selector}. */
export interface SelectorOptions {
  /** @default 'power-of-two-choices' */
  readonly strategy?: StrategyName | Strategy;
  /** For retries. @default 'best-score' */
  readonly retryStrategy?: StrategyName | Strategy;
  /** How long a session stays with its proxy after its newest request. @default '10m' */
  readonly sessionTtl?: Duration;
  /** How many sessions are remembered. @default 100 000 */
  readonly maxSessions?: number;
  readonly world?: World;
}

/** How much of a new latency goes into the usual one. */
const freshness = 0.01;

const shortestWaitMs = 0.1;

/**
 * Chooses one of many candidates. It must be told of every change ({@link Selector.changed}), and in return choosing
 * takes a few steps however many there are: nothing is sorted, filtered or looked through.
 */
export class Selector<C extends Candidate = Candidate> {
  readonly #world: World;
  readonly #entries = new Map<C, Entry<C>>();
  #slots: (Entry<C> | undefined)[] = [];
  readonly #parking = new Parking<Entry<C>>();
  readonly #sessions: ExpiringMap<C>;
  readonly #sessionTtlMs: number;
  #first: Groups<C>;
  #again: Groups<C>;
  #availableCount = 0;
  #turn = 0;
  #typicalMs = 0;

  constructor(options: SelectorOptions = {}) {
    this.#world = options.world ?? systemWorld;
    this.#sessionTtlMs = checkDuration('sessionTtl', options.sessionTtl ?? '10m', 1);
    const maxSessions = checkNumber('maxSessions', options.maxSessions ?? 100_000, { min: 1, whole: true });
    this.#sessions = new ExpiringMap(this.#world, maxSessions);
    this.#first = this.#groups(resolveStrategy('strategy', options.strategy ?? 'power-of-two-choices'));
    this.#again = this.#groups(resolveStrategy('retryStrategy', options.retryStrategy ?? 'best-score'));
  }

  /** How first attempts are chosen for. A new one is in force for the next choice. */
  get strategy(): Strategy {
    return this.#first.strategy;
  }

  set strategy(strategy: StrategyName | Strategy) {
    this.#first = this.#groups(resolveStrategy('strategy', strategy));
  }

  /** How retries are chosen for. */
  get retryStrategy(): Strategy {
    return this.#again.strategy;
  }

  set retryStrategy(strategy: StrategyName | Strategy) {
    this.#again = this.#groups(resolveStrategy('retryStrategy', strategy));
  }

  /** How long it will be until some candidate can be used; 0 for now, `Infinity` when that is not known. */
  get waitMs(): number {
    this.#wake();
    return this.#availableCount > 0 ? 0 : Math.max(0, this.#parking.earliestMs - this.#world.now());
  }

  added(candidate: C): void {
    const slot = this.#slots.length;
    const entry = { candidate, slot, isAvailable: false, wakeMs: Number.POSITIVE_INFINITY, turn: 0 };
    this.#entries.set(candidate, entry);
    this.#slots.push(entry);
    this.#look(entry);
  }

  removed(candidate: C): void {
    const entry = this.#entries.get(candidate);
    if (entry === undefined) return;
    this.#setAvailable(entry, false);
    this.#entries.delete(candidate);
    this.#slots[entry.slot] = undefined;
    this.#first.remove(entry);
    this.#again.remove(entry);
    if (this.#slots.length > 2 * this.#entries.size + 64) this.#closeHoles();
  }

  /** A candidate's settings, statistics or availability are not what they were. */
  changed(candidate: C): void {
    const entry = this.#entries.get(candidate);
    if (entry === undefined) return;
    const { ewmaLatencyMs } = candidate.stats;
    if (ewmaLatencyMs !== undefined) {
      this.#typicalMs = this.#typicalMs === 0 ? ewmaLatencyMs : blend(this.#typicalMs, ewmaLatencyMs);
    }
    this.#look(entry);
  }

  /** Chooses, and remembers the choice for turns and sessions. */
  choose(request: SelectionRequest<C> = {}): C | undefined {
    const entry = this.#find(request);
    if (entry === undefined) return undefined;
    entry.turn = ++this.#turn;
    if (takesTurns(this.strategy)) this.#first.update(entry);
    if (takesTurns(this.retryStrategy)) this.#again.update(entry);
    if (request.session !== undefined) this.#sessions.set(request.session, entry.candidate, this.#sessionTtlMs);
    return entry.candidate;
  }

  /** What {@link Selector.choose} would choose, chance aside; nothing is remembered. */
  peek(request: SelectionRequest<C> = {}): C | undefined {
    return this.#find(request)?.candidate;
  }

  /** Whether the session's own proxy is the one that it would get. */
  isHeld(candidate: C, session: string | undefined): boolean {
    return session !== undefined && this.#sessions.get(session) === candidate;
  }

  /** What the strategy goes by for this candidate; `undefined` where it draws by lot. */
  rankOf(candidate: C, { region, isRetry = false }: SelectionRequest<C> = {}): number | undefined {
    const { strategy } = isRetry ? this.#again : this.#first;
    const turn = this.#entries.get(candidate)?.turn ?? 0;
    if (strategy.kind === 'choices') return strategy.load(candidate, this.#typicalMs);
    if (strategy.kind === 'lot') return strategy.weight(candidate);
    return strategy.rank(candidate, region !== undefined && candidate.region === region, turn);
  }

  [Symbol.iterator](): MapIterator<C> {
    return this.#entries.keys();
  }

  #find(request: SelectionRequest<C>): Entry<C> | undefined {
    this.#wake();
    const groups = request.isRetry === true ? this.#again : this.#first;
    return this.#heldBy(request) ?? groups.choose(request, this.#termsOf(request));
  }

  #termsOf({ exclude, accepts }: SelectionRequest<C>): ChoiceTerms<C> {
    return { exclude, accepts, random: this.#world.random, typicalMs: this.#typicalMs };
  }

  /** The candidate that the request's session is with, if it may have it. */
  #heldBy(request: SelectionRequest<C>): Entry<C> | undefined {
    if (request.session === undefined) return undefined;
    const candidate = this.#sessions.get(request.session);
    const entry = candidate === undefined ? undefined : this.#entries.get(candidate);
    return entry?.isAvailable === true && obstacleTo(entry.candidate, request) === undefined ? entry : undefined;
  }

  #groups(strategy: Strategy): Groups<C> {
    return new Groups<C>(strategy, this.#slots);
  }

  /** Gives every candidate a new slot, without holes between; the groups are made anew when they are needed. */
  #closeHoles(): void {
    const entries = [...this.#entries.values()];
    for (const [slot, entry] of entries.entries()) entry.slot = slot;
    this.#slots = entries;
    this.#first = this.#groups(this.strategy);
    this.#again = this.#groups(this.retryStrategy);
  }

  /** Looks at those whose time has come. */
  #wake(): void {
    if (this.#parking.earliestMs === Number.POSITIVE_INFINITY) return;
    const nowMs = this.#world.now();
    for (let due = this.#parking.takeDue(nowMs); due !== undefined; due = this.#parking.takeDue(nowMs)) {
      due.wakeMs = Number.POSITIVE_INFINITY;
      if (this.#entries.get(due.candidate) === due) this.#look(due);
    }
  }

  #look(entry: Entry<C>): void {
    const { reason, waitMs } = entry.candidate.availability();
    this.#setAvailable(entry, reason === undefined);
    if (reason !== undefined && waitMs < Number.POSITIVE_INFINITY) this.#park(entry, waitMs);
    this.#update(entry);
  }

  #park(entry: Entry<C>, waitMs: number): void {
    // Not at once, or a rounding error could make it due for ever.
    const wakeMs = this.#world.now() + Math.max(waitMs, shortestWaitMs);
    // One that is looked at sooner anyway need not be parked twice.
    if (wakeMs >= entry.wakeMs) return;
    entry.wakeMs = wakeMs;
    this.#parking.add(entry, wakeMs);
  }

  #setAvailable(entry: Entry<C>, isAvailable: boolean): void {
    if (entry.isAvailable === isAvailable) return;
    entry.isAvailable = isAvailable;
    this.#availableCount += isAvailable ? 1 : -1;
  }

  #update(entry: Entry<C>): void {
    this.#first.update(entry);
    this.#again.update(entry);
  }
}

function blend(average: number, value: number): number {
  return average + freshness * (value - average);
}

function takesTurns(strategy: Strategy): boolean {
  return strategy.kind === 'rank' && strategy.takesTurns === true;
}
