import type { AttemptRecord } from './attempt-record.ts';

/** What one proxy did in one hour. Latencies in milliseconds. */
export interface ProxyTally {
  attempts: number;
  successes: number;
  failures: number;
  latencySumMs: number;
  breakerOpens: number;
}

const nothing: Readonly<ProxyTally> = { attempts: 0, successes: 0, failures: 0, latencySumMs: 0, breakerOpens: 0 };

/** Adds up what one proxy did in several hours. */
export function addTallies(sum: Readonly<ProxyTally> | undefined, tally: Readonly<ProxyTally>): ProxyTally {
  if (sum === undefined) return { ...tally };
  return {
    attempts: sum.attempts + tally.attempts,
    successes: sum.successes + tally.successes,
    failures: sum.failures + tally.failures,
    latencySumMs: sum.latencySumMs + tally.latencySumMs,
    breakerOpens: sum.breakerOpens + tally.breakerOpens,
  };
}

/** What happened in one hour. */
export interface HourlyAggregate {
  /** The hour's start: wall-clock milliseconds since 1970-01-01 UTC. */
  readonly hourAt: number;
  readonly requests: number;
  readonly attempts: number;
  readonly successes: number;
  readonly failures: number;
  /** Mean latency of all attempts. */
  readonly averageLatencyMs: number;
  /** How many requests succeeded with attempt 0, 1, 2 … */
  readonly successByAttempt: readonly number[];
  /** What retries have taken, the waits before them included. */
  readonly retryMs: number;
  readonly byProxy: ReadonlyMap<string, Readonly<ProxyTally>>;
}

/** One hour as it is written down. */
export interface HourSnapshot {
  readonly hourAt: number;
  readonly requests: number;
  readonly successByAttempt: readonly number[];
  /** Missing in what earlier versions have written. */
  readonly retryMs?: number;
  readonly byProxy: readonly (readonly [proxyId: string, tally: ProxyTally])[];
}

/** More proxies than this in one hour are counted together, so that memory has a bound. */
const proxiesKept = 2000;

/** Whom the proxies beyond {@link proxiesKept} are counted for. */
const otherProxies = '(others)';

/** Adds up one hour. Every attempt is counted here once, when it ends. */
export class HourBucket implements HourlyAggregate {
  readonly hourAt: number;
  requests = 0;
  attempts = 0;
  successes = 0;
  failures = 0;
  readonly successByAttempt: number[] = [];
  retryMs = 0;
  readonly byProxy = new Map<string, ProxyTally>();
  #latencySumMs = 0;

  constructor(hourAt: number) {
    this.hourAt = hourAt;
  }

  /** Takes up an hour where it was left. */
  static from({ hourAt, requests, successByAttempt, retryMs = 0, byProxy }: HourSnapshot): HourBucket {
    const bucket = new HourBucket(hourAt);
    bucket.requests = requests;
    bucket.retryMs = retryMs;
    bucket.successByAttempt.push(...successByAttempt);
    for (const [id, tally] of byProxy) {
      bucket.byProxy.set(id, { ...tally });
      bucket.attempts += tally.attempts;
      bucket.successes += tally.successes;
      bucket.failures += tally.failures;
      bucket.#latencySumMs += tally.latencySumMs;
    }
    return bucket;
  }

  snapshot(): HourSnapshot {
    const { hourAt, requests, successByAttempt, retryMs, byProxy } = this;
    return {
      hourAt,
      requests,
      successByAttempt: [...successByAttempt],
      retryMs,
      byProxy: [...byProxy],
    };
  }

  get averageLatencyMs(): number {
    return this.attempts === 0 ? 0 : this.#latencySumMs / this.attempts;
  }

  get successRate(): number {
    return this.attempts === 0 ? 0 : this.successes / this.attempts;
  }

  add({ attemptNumber, outcome, latencyMs, delayBeforeMs, proxyId }: AttemptRecord): void {
    const tally = this.#tallyOf(proxyId);
    if (attemptNumber === 0) this.requests++;
    else this.retryMs += delayBeforeMs + latencyMs;
    this.attempts++;
    tally.attempts++;
    this.#latencySumMs += latencyMs;
    tally.latencySumMs += latencyMs;
    if (outcome === 'success') {
      this.successes++;
      tally.successes++;
      while (this.successByAttempt.length <= attemptNumber) this.successByAttempt.push(0);
      this.successByAttempt[attemptNumber] = (this.successByAttempt[attemptNumber] ?? 0) + 1;
    } else if (outcome !== 'cancelled') {
      this.failures++;
      tally.failures++;
    }
  }

  addBreakerOpening(proxyId: string): void {
    this.#tallyOf(proxyId).breakerOpens++;
  }

  #tallyOf(proxyId: string): ProxyTally {
    const known = this.byProxy.get(proxyId);
    if (known !== undefined) return known;
    const id = this.byProxy.size < proxiesKept ? proxyId : otherProxies;
    const tally = this.byProxy.get(id) ?? { ...nothing };
    this.byProxy.set(id, tally);
    return tally;
  }
}
