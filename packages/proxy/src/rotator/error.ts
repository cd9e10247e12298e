import { type GiveUpReason, giveUpReasons, type Ledger, MulliganError, TimeoutError } from 'mulligan';
import { redact } from '../address/index.ts';
import type { AttemptFailure } from '../failure/index.ts';

/** What a failed request knows of itself. */
export interface ProxyErrorDetails {
  /** How many attempts there were. */
  readonly attempts: number;
  readonly reason: GiveUpReason | undefined;
  readonly cause?: unknown;
}

/**
 * A request failed through every proxy that it could try. `cause` is the failure of its last attempt. A `retry` around
 * it does not take it for transient: all that could be tried was tried.
 */
export class ProxyConnectionError extends MulliganError {
  override name = 'ProxyConnectionError';
  readonly attempts: number;
  readonly reason: GiveUpReason | undefined;

  constructor(message: string, { attempts, reason, cause }: ProxyErrorDetails) {
    super('MULLIGAN_PROXY_CONNECTION', message, { cause });
    this.attempts = attempts;
    this.reason = reason;
  }
}

/** The last proxy that was tried rejected its credentials. `cause` is the failure of that attempt. */
export class ProxyAuthenticationError extends MulliganError {
  override name = 'ProxyAuthenticationError';
  readonly attempts: number;
  readonly reason: GiveUpReason | undefined;

  constructor(failure: AttemptFailure, { attempts, reason }: ProxyErrorDetails) {
    super('MULLIGAN_PROXY_AUTHENTICATION', `Proxy authentication failed: ${failure.message}`, { cause: failure });
    this.attempts = attempts;
    this.reason = reason;
  }
}

/** What is said when the breakers of all proxies are open. Source: ProxyWhirl. */
export const allFailing = 'All proxies are currently failing. Please wait for circuit breakers to recover.';

/** No proxy can be used now. `cause` is the failure of the last attempt, where there was one. */
export class ProxyPoolEmptyError extends MulliganError {
  override name = 'ProxyPoolEmptyError';
  readonly status = 503;
  /** When a proxy may be usable again, in milliseconds; `undefined` when that is not known. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs: number | undefined, cause?: unknown) {
    super('MULLIGAN_PROXY_POOL_EMPTY', `503 Service Temporarily Unavailable - ${message}`, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error of a request whose last attempt failed like this. */
export function exhaustedError(failure: AttemptFailure, { attempts, reason }: Ledger): MulliganError {
  const details = { attempts, reason, cause: failure };
  if (isUnauthorized(failure)) return new ProxyAuthenticationError(failure, details);
  const count = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
  const isPlain = reason === undefined || reason === 'attempts' || reason === 'not-retryable';
  const why = isPlain ? '' : ` (${giveUpReasons[reason]})`;
  return new ProxyConnectionError(`Request failed after ${count}${why}: ${redact(failure.message)}`, details);
}

/** Some proxies, tinyproxy among them, answer a wrong password with 401. */
function isUnauthorized({ fault, phase, status }: AttemptFailure): boolean {
  return fault === 'proxy' && (status === 407 || (status === 401 && phase === 'handshake'));
}

/** The error of a request that ran out of time while an attempt or a wait was under way. */
export function timeoutError(error: unknown, { attempts, reason }: Ledger): ProxyConnectionError | undefined {
  if (!(error instanceof TimeoutError) || error.scope !== 'call' || reason !== 'deadline') return undefined;
  const seconds = (error.timeoutMs / 1000).toFixed(2);
  return new ProxyConnectionError(`Request timeout after ${seconds}s`, { attempts, reason, cause: error });
}

/** Why a request was given up. */
export function reasonOf(error: unknown): GiveUpReason | undefined {
  if (error instanceof ProxyConnectionError || error instanceof ProxyAuthenticationError) return error.reason;
  return error instanceof ProxyPoolEmptyError ? 'breaker-open' : undefined;
}
