import type { BreakerState, Policy } from '../kernel/index.ts';
import type { BreakerSettings } from './options.ts';

/** Leave to make one call. Only the first of its three methods counts. */
export interface BreakerLease {
  /** The call went well. */
  success(): void;
  /** The call failed, and the other side is charged with it. The error is what `openFor` gets to see. */
  failure(error?: unknown): void;
  /** The call ended without saying anything about the other side: it was cancelled, or never made. */
  release(): void;
}

/** What can be said about a breaker at one moment; safe to turn into JSON (`Infinity` becomes `null`). */
export interface BreakerSnapshot {
  readonly name: string;
  readonly state: BreakerState;
  /** Failures in the window now. */
  readonly failureCount: number;
  /** The number of failures that opens it; `Infinity` where only rates do. */
  readonly failureThreshold: number;
  /** The length of the window; `Infinity` for a window of calls and for failures in a row. */
  readonly windowMs: number;
  /** How long the last opening lasts or lasted; before the first, how long that would last. */
  readonly openForMs: number;
  /** How long it will refuse calls; `Infinity` while isolated. */
  readonly retryAfterMs: number;
  /** When it last changed its state, in milliseconds since 1970-01-01 UTC; `undefined` if never. */
  readonly lastChangeAt: number | undefined;
}

/** What {@link CircuitBreaker.peek} answers. */
export interface BreakerPeek {
  readonly allowed: boolean;
  /** How long it will refuse calls: 0 when one is allowed, or when the answer of a test may come at any moment. */
  readonly retryAfterMs: number;
}

/** A policy that stops calling what keeps failing, and tests from time to time whether it is well again. */
export interface CircuitBreaker extends Policy {
  readonly name: string;
  /** An open breaker becomes half open with the first call after its time, not before: it keeps no timer. */
  readonly state: BreakerState;
  /** Whether a call would be let through now. Takes nothing and changes nothing. */
  peek(): BreakerPeek;
  /** Leave to make one call, or `undefined` if it is refused. Asking and taking are one step. */
  tryAcquire(): BreakerLease | undefined;
  /** Refuses every call until {@link CircuitBreaker.reset}. */
  isolate(): void;
  /** Closes, with nothing counted; calls under way do not count any more. */
  reset(): void;
  snapshot(): BreakerSnapshot;
  /**
   * Changes settings; those not named stay. The state stays, an opening under way keeps its length, and what was
   * counted stays as long as `window` does.
   */
  configure(changes: BreakerSettings): void;
}
