import type { Advice } from 'mulligan';
import type { AttemptFailure, Fault } from '../failure/index.ts';
import type { FailoverRequest, WaitBetweenProxies } from './request.ts';

/** Where the next attempt would go: somewhere new, back to an earlier proxy, the same way again, or nowhere. */
export type NextWay = 'other' | 'back' | 'same' | 'none';

/** What is known when an attempt has failed. Plain data. */
export interface FailureSituation {
  readonly failure: AttemptFailure;
  /** Whose fault it is after all. */
  readonly fault: Fault;
  readonly request: FailoverRequest;
  /** Whether a request of this method may be made twice. */
  readonly mayRepeat: boolean;
  readonly next: NextWay;
  readonly waitBetweenProxies: WaitBetweenProxies;
  /** A server's wish to wait longer than this is not followed, and the request given up. */
  readonly longestHintMs: number;
}

const stop = (reason: NonNullable<Advice['reason']>): Advice => ({ retry: false, reason });

/** Decides whether a failed attempt is worth another, and how long to wait: for the rest, `retry` decides. */
export function adviseOn(situation: FailureSituation): Advice {
  const { failure, fault, request, mayRepeat, next } = situation;
  if (fault === 'client') return stop('not-retryable');
  if (!failure.mayFailOver) return stop(mayRepeat ? 'not-retryable' : 'not-idempotent');
  if (request.isReplayable?.() === false) return stop('body-not-replayable');
  if (next === 'none') return stop('breaker-open');
  const hintMs = next !== 'same' && fault !== 'target' ? undefined : failure.retryAfterMs;
  if (hintMs !== undefined) {
    if (hintMs > situation.longestHintMs) return stop('hint-too-long');
    return { retry: true, atLeastMs: hintMs, source: 'retry-after' };
  }
  if (needsNoWait(situation)) return { retry: true, waitMs: 0, source: 'failover' };
  // Said outright, or `retry` would follow the hint of the error itself, which is for whoever comes the same way again.
  return { retry: true, atLeastMs: 0 };
}

function needsNoWait({ failure, fault, next, waitBetweenProxies }: FailureSituation): boolean {
  if (next === 'same' || waitBetweenProxies === 'policy') return false;
  return isConnectionLevel(failure) || (waitBetweenProxies === 'none' && next === 'other' && fault !== 'target');
}

/** Whether no server has answered the request itself: nobody is relieved by waiting. */
function isConnectionLevel({ phase, status }: AttemptFailure): boolean {
  return phase === 'connect' || phase === 'tls' || phase === 'handshake' || status === undefined;
}
