import { checkNumber, type EventListener, type MulliganEvent, systemWorld, type World } from '../kernel/index.ts';
import { type CallSummary, summarize, Tally } from './tally.ts';

/** One hour of a {@link MetricsStore}. */
export interface HourPoint extends CallSummary {
  /** The beginning of the hour, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** Counts the calls of the last 24 hours, by the hour. */
export interface MetricsStore {
  /** Give it to policies as `onEvent`, or to `onEvent` of the process. */
  readonly listener: EventListener;
  /** All hours together, or one name's share of them. */
  summary(name?: string): CallSummary;
  /** Oldest first; hours in which nothing happened are left out. */
  timeseries(hours?: number): readonly HourPoint[];
  /** The names that were counted, at most {@link MetricsStoreOptions.maxNames}. */
  names(): readonly string[];
}

/** Options of {@link metricsStore}. */
export interface MetricsStoreOptions {
  /** How many hours are kept. Default 24. */
  readonly hours?: number;
  /** How many names are counted apart; calls of further names count only into the whole. Default 1000. */
  readonly maxNames?: number;
  readonly world?: World;
}

const hourMs = 3_600_000;

/** The tallies of one hour. */
class Hour {
  readonly at: number;
  readonly all: Tally = new Tally();
  readonly #byName = new Map<string, Tally>();

  constructor(at: number) {
    this.at = at;
  }

  of(name: string | undefined): Tally | undefined {
    return name === undefined ? this.all : this.#byName.get(name);
  }

  open(name: string): Tally {
    const tally = this.#byName.get(name) ?? new Tally();
    this.#byName.set(name, tally);
    return tally;
  }
}

/** Makes a {@link MetricsStore}. It keeps no timer: hours that are over are dropped when the next call is counted. */
export function metricsStore(options: MetricsStoreOptions = {}): MetricsStore {
  return new HourlyStore(options);
}

class HourlyStore implements MetricsStore {
  readonly listener: EventListener = (event) => this.#hear(event);
  readonly #hours: number;
  readonly #maxNames: number;
  readonly #world: World;
  readonly #kept: Hour[] = [];
  readonly #names = new Set<string>();

  constructor({ hours = 24, maxNames = 1000, world = systemWorld }: MetricsStoreOptions) {
    this.#hours = checkNumber('hours', hours, { min: 1, whole: true });
    this.#maxNames = checkNumber('maxNames', maxNames, { min: 0, whole: true });
    this.#world = world;
  }

  summary(name?: string): CallSummary {
    const total = new Tally();
    for (const hour of this.#recent(this.#hours)) {
      const tally = hour.of(name);
      if (tally !== undefined) total.add(tally);
    }
    return summarize(total);
  }

  timeseries(hours: number = this.#hours): readonly HourPoint[] {
    return this.#recent(hours).map(({ at, all }) => ({ at, ...summarize(all) }));
  }

  names(): readonly string[] {
    return [...this.#names];
  }

  #hear(event: MulliganEvent): void {
    if (event.type === 'call.succeeded') {
      this.#count(event.name, (tally) => tally.succeed(event.attempts, event.waitedMs));
    } else if (event.type === 'call.failed') {
      this.#count(event.name, (tally) => tally.fail(event.attempts, event.waitedMs, event.reason));
    }
  }

  #count(name: string, add: (tally: Tally) => void): void {
    const hour = this.#current();
    add(hour.all);
    if (this.#names.size < this.#maxNames) this.#names.add(name);
    if (this.#names.has(name)) add(hour.open(name));
  }

  #thisHour(): number {
    return Math.floor(this.#world.wallNow() / hourMs) * hourMs;
  }

  #recent(hours: number): readonly Hour[] {
    const oldest = this.#thisHour() - (Math.min(hours, this.#hours) - 1) * hourMs;
    return this.#kept.filter(({ at }) => at >= oldest);
  }

  #current(): Hour {
    const at = this.#thisHour();
    const newest = this.#kept.at(-1);
    // A wall clock that was set back goes on counting into the newest hour.
    if (newest !== undefined && newest.at >= at) return newest;
    const hour = new Hour(at);
    this.#kept.push(hour);
    if (this.#kept.length > this.#hours) this.#kept.shift();
    return hour;
  }
}
