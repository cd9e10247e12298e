import type { ErrorCategory, GiveUpReason, WaitSource } from 'mulligan';
import type { FailurePhase, Fault } from '../failure/index.ts';
import type { AttemptOutcome } from '../metrics/index.ts';
import type { RetryPolicy } from '../policy/index.ts';
import type { PoolEvent } from '../pool/index.ts';

interface EventBase {
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

interface RequestEventBase extends EventBase {
  readonly requestId: string;
  readonly method: string;
  /** `host:port` */
  readonly target: string;
}

/** Why an attempt failed. */
export interface FailureSummary {
  readonly fault: Fault;
  readonly phase: FailurePhase | undefined;
  readonly category: ErrorCategory;
  /** A sentence, without credentials. */
  readonly message: string;
}

/** One attempt that has ended. Times in milliseconds. */
export interface AttemptSummary {
  /** From 1. */
  readonly attempt: number;
  /** `undefined` where the attempt went without a proxy. */
  readonly proxyId: string | undefined;
  readonly outcome: AttemptOutcome;
  /** The status that came back, where one did. */
  readonly status: number | undefined;
  /** The wait before this attempt. */
  readonly waitedMs: number;
  readonly latencyMs: number;
  readonly failure: FailureSummary | undefined;
}

export interface RequestStartedEvent extends RequestEventBase {
  readonly type: 'request.started';
}

export interface AttemptStartedEvent extends RequestEventBase {
  readonly type: 'attempt.started';
  readonly attempt: number;
  /** How many there may be. */
  readonly attempts: number;
  readonly proxyId: string | undefined;
}

export interface AttemptEndedEvent extends RequestEventBase, AttemptSummary {
  readonly type: 'attempt.ended';
  readonly attempts: number;
}

/** Another attempt will follow after a wait. Comes before the wait. */
export interface RetryScheduledEvent extends RequestEventBase {
  readonly type: 'retry.scheduled';
  /** The attempt that failed. */
  readonly attempt: number;
  readonly attempts: number;
  readonly waitMs: number;
  readonly waitSource: WaitSource;
}

/** A request has ended, with the record of all of its attempts. */
export interface RequestEndedEvent extends RequestEventBase {
  readonly type: 'request.ended';
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly status: number | undefined;
  readonly attempts: readonly AttemptSummary[];
  readonly durationMs: number;
  readonly waitedMs: number;
  /** Why it was given up. */
  readonly reason: GiveUpReason | undefined;
  /** The sentence of its error. */
  readonly error: string | undefined;
}

/** Somebody closed a breaker by hand. */
export interface BreakerResetEvent extends EventBase {
  readonly type: 'breaker.reset';
  readonly proxyId: string;
}

/** The retry policy of all requests that bring none of their own was changed. */
export interface PolicyChangedEvent extends EventBase {
  readonly type: 'policy.changed';
  readonly policy: RetryPolicy;
}

/** Everything that happens in a rotator is one of these. */
export type ProxyEvent =
  | RequestStartedEvent
  | AttemptStartedEvent
  | AttemptEndedEvent
  | RetryScheduledEvent
  | RequestEndedEvent
  | BreakerResetEvent
  | PolicyChangedEvent
  | PoolEvent;
