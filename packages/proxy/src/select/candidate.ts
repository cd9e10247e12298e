/** What choosing needs to know of a proxy. */
export interface Candidate {
  readonly id: string;
  readonly region: string | undefined;
  readonly tags: readonly string[];
  readonly weight: number;
  readonly cost: number;
  readonly stats: CandidateStats;
  /** Whether it can be used now, and if not, why. */
  availability(): CandidateAvailability;
}

/** See {@link Candidate.availability}. */
interface CandidateAvailability {
  /** `undefined` when it can be used. */
  readonly reason: string | undefined;
  /** Milliseconds for which it is not worth asking again; `Infinity` until something changes. */
  readonly waitMs: number;
}

/** What using a proxy has shown. */
interface CandidateStats {
  readonly requests: number;
  readonly successes: number;
  /** Attempts begun. */
  readonly started: number;
  readonly inFlight: number;
  /** Mean latency of its successes among the newest attempts of the pool; 0 when there is none. */
  readonly recentLatencyMs: number;
  /** Moving average; `undefined` before the first success. */
  readonly ewmaLatencyMs: number | undefined;
  /** Moving average, from 0 to 1. */
  readonly ewmaSuccess: number;
}
