import type { RecentShare } from './recent-latencies.ts';

/** How much a new observation changes a moving average. */
const freshness = 0.3;

/** What is known of a proxy by using it. Attempts that say nothing about the proxy are not counted. */
export class ProxyStats implements RecentShare {
  /** Attempts that ended well or by the proxy's fault. */
  requests = 0;
  successes = 0;
  /** Attempts that run now, and tunnels that are open. */
  inFlight = 0;
  /** Attempts begun, whatever became of them. */
  started = 0;
  /** The moving average of the latency of successful attempts; `undefined` before the first. */
  ewmaLatencyMs: number | undefined;
  /** The moving average of success, from 0 to 1. */
  ewmaSuccess = 1;
  /** Its part in the newest attempts of the whole pool. */
  recentSumMs = 0;
  recentCount = 0;

  /** The sentence of the newest failure that was the proxy's fault. */
  lastFailure: string | undefined;
  #latencySumMs = 0;
  /** How many latencies are in the sum: those of responses that began, whatever became of them. */
  #measured = 0;

  get failures(): number {
    return this.requests - this.successes;
  }

  /** Of its whole life; 0.5 before the first attempt. */
  get successRate(): number {
    return this.requests === 0 ? 0.5 : this.successes / this.requests;
  }

  /** Mean latency of all successful attempts in milliseconds; 0 before the first. */
  get averageLatencyMs(): number {
    return this.#measured === 0 ? 0 : this.#latencySumMs / this.#measured;
  }

  /** Mean latency of its successes among the newest attempts of the whole pool; 0 when there is none. */
  get recentLatencyMs(): number {
    return this.recentCount === 0 ? 0 : this.recentSumMs / this.recentCount;
  }

  succeeded(latencyMs: number): void {
    this.requests++;
    this.successes++;
    this.#measured++;
    this.#latencySumMs += latencyMs;
    this.ewmaLatencyMs = blend(this.ewmaLatencyMs ?? latencyMs, latencyMs);
    this.ewmaSuccess = blend(this.ewmaSuccess, 1);
  }

  /** What was counted as a success was none. @param message a sentence without credentials */
  brokeOff(message: string): void {
    this.successes--;
    this.lastFailure = message;
    this.ewmaSuccess = blend(this.ewmaSuccess, 0);
  }

  /** @param message a sentence without credentials */
  failed(message: string): void {
    this.requests++;
    this.lastFailure = message;
    this.ewmaSuccess = blend(this.ewmaSuccess, 0);
  }
}

function blend(average: number, value: number): number {
  return average + freshness * (value - average);
}
