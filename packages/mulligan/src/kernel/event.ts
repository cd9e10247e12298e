import type { BreakerState, GiveUpReason, WaitSource } from './verdict.ts';

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

/** A circuit breaker went from one state to another. */
export interface BreakerTransitionEvent extends EventBase {
  readonly type: 'breaker.transition';
  readonly from: BreakerState;
  readonly to: BreakerState;
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

/** Everything that happens in mulligan is one of these. Logs, metrics, traces and pages are readers of them. */
export type MulliganEvent =
  | RetryScheduledEvent
  | CallSucceededEvent
  | CallFailedEvent
  | BreakerTransitionEvent
  | BreakerRejectedEvent
  | TimeoutExpiredEvent;
