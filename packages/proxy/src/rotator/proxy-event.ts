import type { GiveUpReason, WaitSource } from 'mulligan';
import type { RetryPolicy } from '../policy/index.ts';
import type { PoolEvent } from '../pool/index.ts';
import type { Explanation } from '../select/index.ts';
import type { AttemptSummary, CheckResult } from './summary.ts';

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

/** A request begins. */
export interface RequestStartedEvent extends RequestEventBase {
  readonly type: 'request.started';
  /** What is asked for, without credentials and query, where that is known. */
  readonly url: string | undefined;
}

/** An attempt begins: its proxy has been chosen. */
export interface AttemptStartedEvent extends RequestEventBase {
  readonly type: 'attempt.started';
  readonly attempt: number;
  /** How many there may be. */
  readonly attempts: number;
  readonly proxyId: string | undefined;
  /** Why this proxy, where the request asks for it. */
  readonly explanation?: Explanation | undefined;
}

/** An attempt has ended. */
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
  /** What was asked for, without credentials and query, where that is known. */
  readonly url: string | undefined;
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly status: number | undefined;
  readonly attempts: readonly AttemptSummary[];
  readonly durationMs: number;
  readonly waitedMs: number;
  /** How long it might have taken. */
  readonly timeoutMs: number | undefined;
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

/** A proxy was checked. */
export interface ProxyCheckedEvent extends CheckResult {
  readonly type: 'proxy.checked';
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
  | ProxyCheckedEvent
  | PolicyChangedEvent
  | PoolEvent;
