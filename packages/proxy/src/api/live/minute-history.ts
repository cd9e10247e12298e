import type { World } from 'mulligan';
import { quantile } from './live-window.ts';

/** What a finished call adds to its minute; the latencies are those of its attempts. */
export interface HistorySample {
  readonly isFailure: boolean;
  readonly latenciesMs: readonly number[];
}

/** One minute. */
export interface HistoryMinute {
  readonly atMs: number;
  readonly requests: number;
  readonly failures: number;
  readonly retries: number;
  readonly breakerOpens: number;
  readonly meanMs: number | undefined;
  readonly p95Ms: number | undefined;
}

interface Minute {
  readonly atMs: number;
  requests: number;
  failures: number;
  retries: number;
  breakerOpens: number;
  attempts: number;
  latencySumMs: number;
  /** A fair choice among all of the minute (reservoir sampling). */
  readonly latencies: number[];
}

const minuteMs = 60_000;

// Enough for a steady p95, and a bound on memory at any load: a day has 1440 minutes.
const latenciesKept = 100;

/** The minutes of the last day in which something happened, as long as this process lives. */
export class MinuteHistory {
  readonly #world: World;
  readonly #minutesKept: number;
  readonly #minutes: Minute[] = [];

  constructor(world: World, minutesKept = 24 * 60) {
    this.#world = world;
    this.#minutesKept = minutesKept;
  }

  /** @param at wall-clock milliseconds since 1970-01-01 UTC */
  addCall(at: number, { isFailure, latenciesMs }: HistorySample): void {
    const minute = this.#minuteOf(at);
    minute.requests++;
    if (isFailure) minute.failures++;
    minute.retries += Math.max(0, latenciesMs.length - 1);
    for (const latencyMs of latenciesMs) this.#addLatency(minute, latencyMs);
  }

  addBreakerOpening(at: number): void {
    this.#minuteOf(at).breakerOpens++;
  }

  /** The minutes since that moment, oldest first. */
  since(at: number): HistoryMinute[] {
    const oldest = Math.max(at, this.#world.wallNow() - this.#minutesKept * minuteMs);
    return this.#minutes.filter(({ atMs }) => atMs + minuteMs > oldest).map(read);
  }

  #addLatency(minute: Minute, latencyMs: number): void {
    minute.attempts++;
    minute.latencySumMs += latencyMs;
    const place =
      minute.attempts <= latenciesKept ? minute.attempts - 1 : Math.floor(this.#world.random() * minute.attempts);
    if (place < latenciesKept) minute.latencies[place] = latencyMs;
  }

  /** A clock that was set back adds to the newest minute. */
  #minuteOf(at: number): Minute {
    const atMs = Math.floor(at / minuteMs) * minuteMs;
    const newest = this.#minutes.at(-1);
    if (newest !== undefined && newest.atMs >= atMs) return newest;
    const zeros = { requests: 0, failures: 0, retries: 0, breakerOpens: 0, attempts: 0, latencySumMs: 0 };
    const minute: Minute = { atMs, ...zeros, latencies: [] };
    this.#minutes.push(minute);
    if (this.#minutes.length > this.#minutesKept) this.#minutes.shift();
    return minute;
  }
}

function read({ atMs, requests, failures, retries, breakerOpens, ...minute }: Minute): HistoryMinute {
  const { attempts, latencySumMs, latencies } = minute;
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    atMs,
    requests,
    failures,
    retries,
    breakerOpens,
    meanMs: attempts === 0 ? undefined : latencySumMs / attempts,
    p95Ms: attempts === 0 ? undefined : quantile(sorted, 0.95),
  };
}
