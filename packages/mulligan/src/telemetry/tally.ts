/** How well retrying works: the figures of seed 2. Rates are from 0 to 1, times in milliseconds. */
export interface CallSummary {
  /** Calls that have ended. */
  readonly calls: number;
  /** The share of calls that needed a retry. */
  readonly retryRate: number;
  /** The share of calls that succeeded, but not at once. */
  readonly successAfterRetryRate: number;
  /** Calls given up after they had used up what they might: attempts, time or budget. */
  readonly exhausted: number;
  /** Retries per call. */
  readonly averageRetries: number;
  /** The sum of all waits. */
  readonly totalRetryLatencyMs: number;
  /** How many calls succeeded on which attempt; everything from 10 on is under 10. */
  readonly successByAttempt: Readonly<Record<number, number>>;
  /** How many calls were given up for which reason. */
  readonly givenUp: Readonly<Record<string, number>>;
}

const lastCountedAttempt = 10;
const exhaustion: ReadonlySet<string> = new Set(['attempts', 'deadline', 'budget']);

/** Running totals; {@link summarize} makes rates of them. */
export class Tally {
  calls = 0;
  retried = 0;
  rescued = 0;
  exhausted = 0;
  retries = 0;
  waitedMs = 0;
  readonly successByAttempt: Record<number, number> = {};
  readonly givenUp: Record<string, number> = {};

  #end(attempts: number, waitedMs: number): void {
    this.calls++;
    this.retries += attempts - 1;
    this.waitedMs += waitedMs;
    if (attempts > 1) this.retried++;
  }

  succeed(attempts: number, waitedMs: number): void {
    this.#end(attempts, waitedMs);
    if (attempts > 1) this.rescued++;
    const key = Math.min(attempts, lastCountedAttempt);
    this.successByAttempt[key] = (this.successByAttempt[key] ?? 0) + 1;
  }

  fail(attempts: number, waitedMs: number, reason: string): void {
    this.#end(attempts, waitedMs);
    if (exhaustion.has(reason)) this.exhausted++;
    this.givenUp[reason] = (this.givenUp[reason] ?? 0) + 1;
  }

  add(other: Tally): void {
    this.calls += other.calls;
    this.retried += other.retried;
    this.rescued += other.rescued;
    this.exhausted += other.exhausted;
    this.retries += other.retries;
    this.waitedMs += other.waitedMs;
    addCounts(this.successByAttempt, other.successByAttempt);
    addCounts(this.givenUp, other.givenUp);
  }
}

function addCounts(into: Record<string, number>, from: Record<string, number>): void {
  for (const [key, count] of Object.entries(from)) into[key] = (into[key] ?? 0) + count;
}

/** Makes rates of a tally. */
export function summarize(tally: Tally): CallSummary {
  const calls = Math.max(tally.calls, 1);
  return {
    calls: tally.calls,
    retryRate: tally.retried / calls,
    successAfterRetryRate: tally.rescued / calls,
    exhausted: tally.exhausted,
    averageRetries: tally.retries / calls,
    totalRetryLatencyMs: tally.waitedMs,
    successByAttempt: { ...tally.successByAttempt },
    givenUp: { ...tally.givenUp },
  };
}
