/**
 * Whose fault a failed attempt is.
 *
 * - `'proxy'`: refused, timed out, garbage, 407: charged to the proxy's breaker
 * - `'target'`: the target is down or says so itself: the proxy did its work, and is not charged
 * - `'pair'`: this target does not want this proxy (a ban): the pair rests, the breaker is left alone
 * - `'client'`: the caller's own doing, such as going away: nobody is charged
 */
export type Fault = 'proxy' | 'target' | 'pair' | 'client';

/** How far an attempt came. */
export type FailurePhase = 'connect' | 'tls' | 'handshake' | 'head' | 'body';

/** What is known about a failed attempt. */
export interface AttemptFailureDetails {
  readonly fault: Fault;
  /** Whether the request may be sent again through another proxy: nothing irreversible has happened. */
  readonly mayFailOver: boolean;
  readonly phase: FailurePhase;
  /** The HTTP status that was answered, by the proxy or through it. */
  readonly status?: number | undefined;
  /**
   * The fault is a guess: a 502 or 504 may be the proxy's own or the target's. The proxy is charged unless the same
   * target has just failed in the same way through other proxies.
   */
  readonly isAmbiguous?: boolean;
  /** Milliseconds for which the other side asked not to be tried again. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** One attempt through one proxy, or to the target itself, has failed: what the work of a failover throws. */
export class AttemptFailure extends Error {
  override name = 'AttemptFailure';
  readonly fault: Fault;
  readonly mayFailOver: boolean;
  readonly phase: FailurePhase;
  readonly status: number | undefined;
  readonly isAmbiguous: boolean;
  readonly retryAfterMs: number | undefined;

  /** @param message a sentence for people, without credentials */
  constructor(message: string, details: AttemptFailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.fault = details.fault;
    this.mayFailOver = details.mayFailOver;
    this.phase = details.phase;
    this.status = details.status;
    this.isAmbiguous = details.isAmbiguous ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}
