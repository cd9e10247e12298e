/** A proxy's part in the newest attempts of its pool. */
export interface RecentShare {
  /** The latencies of its successes among them. */
  recentSumMs: number;
  recentCount: number;
}

interface Owner {
  readonly stats: RecentShare;
}

/**
 * The newest attempts of the whole pool, whoever made them: the score compares proxies by their latency in these.
 * Source: ProxyWhirl, which looks at the last 100.
 */
export class RecentLatencies<O extends Owner> {
  readonly #owners: (O | undefined)[];
  readonly #latencies: Float64Array;
  #next = 0;

  constructor(size: number) {
    this.#owners = Array.from({ length: size });
    this.#latencies = new Float64Array(size);
  }

  /**
   * Notes an attempt. A failed one counts as an attempt, but has no latency.
   * @returns whose oldest attempt is forgotten for it
   */
  note(owner: O, latencyMs: number | undefined): O | undefined {
    const slot = this.#next;
    this.#next = (slot + 1) % this.#latencies.length;
    const forgotten = this.#owners[slot];
    if (forgotten !== undefined) drop(forgotten.stats, this.#latencies[slot] ?? 0);
    this.#owners[slot] = latencyMs === undefined ? undefined : owner;
    if (latencyMs !== undefined) {
      this.#latencies[slot] = latencyMs;
      owner.stats.recentCount++;
      owner.stats.recentSumMs += latencyMs;
    }
    return forgotten;
  }
}

function drop(share: RecentShare, latencyMs: number): void {
  share.recentCount--;
  // What is left of nothing is nothing, whatever rounding says.
  share.recentSumMs = share.recentCount === 0 ? 0 : share.recentSumMs - latencyMs;
}
