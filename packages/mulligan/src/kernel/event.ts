import type { BreakerReason, BreakerState, GiveUpReason, WaitSource } from './verdict.ts';

interface EventBase {
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The name of the call, breaker, limit or other thing that the event is about. */
  readonly name: string;
}

/** An attempt failed and another will follow after a wait. Comes before the wait. */
export interface RetryScheduledEvent extends EventBase {
  readonly type: 'retry.scheduled';
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** How many attempts there may be; `Infinity` without a limit. */
  readonly attempts: number;
  readonly waitMs: number;
  /** What decided the wait. */
  readonly waitSource: WaitSource;
  /** All waits of this call before this one. */
  readonly waitedMs: number;
  /** What the attempt ended with: the error, or the value that was not accepted. */
  readonly cause: unknown;
}

/** A call succeeded, after `attempts` attempts. */
export interface CallSucceededEvent extends EventBase {
  readonly type: 'call.succeeded';
  readonly attempts: number;
  readonly durationMs: number;
  readonly waitedMs: number;
}

/** A call was given up. */
export interface CallFailedEvent extends EventBase {
  readonly type: 'call.failed';
  readonly attempts: number;
  readonly durationMs: number;
  readonly waitedMs: number;
  readonly reason: GiveUpReason;
  readonly error: unknown;
}

/** A retry runs inside of another one, and together they may make more attempts than anybody wants. Told once. */
export interface RetryNestedEvent extends EventBase {
  readonly type: 'retry.nested';
  /** The name of the call around this one. */
  readonly outer: string;
  /** How many attempts both may make together. */
  readonly attempts: number;
}

/** A circuit breaker went from one state to another. */
export interface BreakerTransitionEvent extends EventBase {
  readonly type: 'breaker.transition';
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: BreakerReason;
  /** Failures in the window at that moment. */
  readonly failures: number;
}

/** A circuit breaker refused a call. */
export interface BreakerRejectedEvent extends EventBase {
  readonly type: 'breaker.rejected';
  readonly retryAfterMs: number;
}

/** A timeout policy ended a call. */
export interface TimeoutExpiredEvent extends EventBase {
  readonly type: 'timeout.expired';
  readonly timeoutMs: number;
}

/** A fallback stood in for a call that had failed. */
export interface FallbackUsedEvent extends EventBase {
  readonly type: 'fallback.used';
  /** What the call ended with: the error, or the value that was not accepted. */
  readonly cause: unknown;
}

/** A bulkhead refused a call: there was no room for it, or it had waited for room too long. */
export interface BulkheadRejectedEvent extends EventBase {
  readonly type: 'bulkhead.rejected';
  readonly reason: 'full' | 'queue-timeout';
  /** Calls waiting at that moment. */
  readonly queued: number;
}

/** A rate limit lets a call wait. Comes before the wait. */
export interface RateLimitDelayedEvent extends EventBase {
  readonly type: 'rate-limit.delayed';
  /** The longest that it will have to wait. */
  readonly waitMs: number;
}

/** A rate limit refused a call. */
export interface RateLimitRejectedEvent extends EventBase {
  readonly type: 'rate-limit.rejected';
  readonly retryAfterMs: number;
}

/** A call took so long that it was made once more beside itself. */
export interface HedgeStartedEvent extends EventBase {
  readonly type: 'hedge.started';
  /** Which one of the call's hedges, from 1. */
  readonly hedge: number;
  /** How long the call had taken until then. */
  readonly afterMs: number;
}

/** A hedge succeeded before the call that it was made for. */
export interface HedgeWonEvent extends EventBase {
  readonly type: 'hedge.won';
  readonly hedge: number;
  /** Since the call began. */
  readonly durationMs: number;
}

/** A hedge was due, but there have been too many of them. */
export interface HedgeRefusedEvent extends EventBase {
  readonly type: 'hedge.refused';
}

/** A host asked for a pause: all calls of one `createFetch` to it wait. The name is its origin. */
export interface HttpHeldEvent extends EventBase {
  readonly type: 'http.held';
  readonly holdMs: number;
}

/** Everything that happens in mulligan is one of these. Logs, metrics, traces and pages are readers of them. */
export type MulliganEvent =
  | RetryScheduledEvent
  | RetryNestedEvent
  | CallSucceededEvent
  | CallFailedEvent
  | BreakerTransitionEvent
  | BreakerRejectedEvent
  | TimeoutExpiredEvent
  | FallbackUsedEvent
  | BulkheadRejectedEvent
  | RateLimitDelayedEvent
  | RateLimitRejectedEvent
  | HedgeStartedEvent
  | HedgeWonEvent
  | HedgeRefusedEvent
  | HttpHeldEvent;
