import type { AttemptContext, Cancellation } from 'mulligan';
import type { AttemptFailure } from '../failure/index.ts';
import type { RetryPolicy } from '../policy/index.ts';
import type { Proxy } from '../pool/index.ts';

/**
 * How long a retry waits that goes to another proxy.
 *
 * - `'policy'`: as the policy says
 * - `'none-if-other'`: not at all where no connection came about, so that nobody would be relieved by waiting
 * - `'none'`: not even where a proxy has answered, such as with 503. An answer that is the target's fault, and the way
 *   back to a proxy that has answered before, wait as the policy says
 */
export type WaitBetweenProxies = 'policy' | 'none-if-other' | 'none';

/** One request that may be tried through several proxies. */
export interface FailoverRequest {
  /** For metrics and events; unique. */
  readonly id: string;
  readonly method: string;
  /** Where it goes: `host:port`. */
  readonly target: string;
  /** What is asked for, for logs: without credentials and query. @default `target` */
  readonly url?: string | undefined;
  /** Prefers proxies of this region. */
  readonly region?: string | undefined;
  /** Takes no proxies of other regions. @default false */
  readonly regionOnly?: boolean | undefined;
  /** Takes only proxies that have all of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Requests of one session stay with one proxy while it works. */
  readonly session?: string | undefined;
  /** `undefined` is the rotator's policy, `null` one attempt. */
  readonly retryPolicy?: RetryPolicy | null | undefined;
  /** Tells with each attempt why its proxy was chosen, and the others not: looks at all of them. @default false */
  readonly explain?: boolean | undefined;
  /** The caller's abort. A `Cancellation` costs less, where there is no `AbortSignal` yet. */
  readonly signal?: AbortSignal | Cancellation | undefined;
  /** For errors and mulligan's own events. @default `METHOD target` */
  readonly name?: string | undefined;
  /** Asked before each retry: whether the request can be sent again. @default always */
  readonly isReplayable?: (() => boolean) | undefined;
  /** @default what the rotator was told */
  readonly waitBetweenProxies?: WaitBetweenProxies | undefined;
}

/** What the work of an attempt answers with besides its value. */
export interface AttemptAnswer {
  readonly status?: number;
  /** The value is handed on all the same, but the attempt counts as this failure: the last of several 503, say. */
  readonly failure?: AttemptFailure;
}

/** One attempt: what the work of a failover is given. It throws an {@link AttemptFailure} when it fails. */
export interface FailoverAttempt {
  /** `undefined` without proxies: straight to the target. */
  readonly proxy: Proxy | undefined;
  /** From 1. */
  readonly number: number;
  /** No further attempt will follow this one. */
  readonly isLast: boolean;
  readonly policy: RetryPolicy;
  /** `signal` and `deadlineMs` bound the attempt. */
  readonly context: AttemptContext;
  /** Tells what came back, for metrics and events. */
  readonly answered: (answer: AttemptAnswer) => void;
  /** Calls the listener when the attempt is aborted; cheaper than `context.signal`. Returns how to stop listening. */
  readonly onAbort: (listener: (reason: unknown) => void) => () => void;
  /** Keeps the proxy in use beyond the attempt, as a tunnel does. Returns how to let go. */
  readonly hold: () => LetGo;
}

/**
 * Lets go of a proxy that was held; only the first call counts. With a failure, what went over the proxy was broken
 * off after the attempt had succeeded: it is charged to whom it belongs.
 */
export type LetGo = (brokenBy?: AttemptFailure) => void;

/** What is done in each attempt. */
export type FailoverWork<T> = (attempt: FailoverAttempt) => Promise<T>;
