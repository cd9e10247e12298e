import type { FailurePhase, Fault } from '../failure/index.ts';

/** How an attempt ended. `'cancelled'` is the caller's own doing and counts for nobody. */
export type AttemptOutcome = 'success' | 'failure' | 'timeout' | 'cancelled';

/** One attempt, as the metrics keep it. */
export interface AttemptRecord {
  readonly requestId: string;
  /** From 0: the first try is attempt 0, as ProxyWhirl counts. */
  readonly attemptNumber: number;
  /** `'direct'` for an attempt without a proxy. */
  readonly proxyId: string;
  /** Wall-clock milliseconds since 1970-01-01 UTC at its end. */
  readonly at: number;
  readonly outcome: AttemptOutcome;
  readonly status?: number | undefined;
  /** The wait before this attempt. */
  readonly delayBeforeMs: number;
  readonly latencyMs: number;
  readonly fault?: Fault | undefined;
  readonly phase?: FailurePhase | undefined;
  /** A sentence, without credentials. */
  readonly errorMessage?: string | undefined;
}
