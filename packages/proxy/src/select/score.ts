/** What the score is made of. */
export interface ScoreInput {
  /** Attempts of the proxy's whole life. */
  readonly requests: number;
  readonly successes: number;
  /** Mean latency of its recent successes, in milliseconds; 0 when there is none. */
  readonly latencyMs: number;
  /** Whether it is in the region that the request names. */
  readonly isInRegion?: boolean;
}

/** The latency at which that part of the score is used up. */
const slowestMs = 10_000;

/**
 * How good a proxy is, from 0 to 1: `0.7 · success rate + 0.3 · (1 − latency / 10 s)`, a tenth more in the region
 * that the request names. A proxy that nothing is known of has 0.65. Source: ProxyWhirl.
 */
export function score({ requests, successes, latencyMs, isInRegion = false }: ScoreInput): number {
  const successRate = requests === 0 ? 0.5 : successes / requests;
  const plain = 0.7 * successRate + 0.3 * (1 - Math.min(latencyMs / slowestMs, 1));
  return isInRegion ? Math.min(plain * 1.1, 1) : plain;
}
