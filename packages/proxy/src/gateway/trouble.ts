import { BulkheadFullError, isMulliganError, RateLimitedError, TimeoutError } from 'mulligan';
import { AttemptFailure } from '../failure/index.ts';
import { ProxyPoolEmptyError } from '../rotator/index.ts';
import { errorTypeOf, type ProxyError } from './proxy-status.ts';
import { TargetRefused } from './target-policy.ts';

/** Why the gateway answers by itself. */
export interface Trouble {
  readonly status: number;
  readonly error: ProxyError;
  /** A sentence for the client, without credentials. */
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

/** A request that is refused before any attempt. */
export class RequestRefused extends Error {
  override name = 'RequestRefused';
  readonly trouble: Trouble;

  constructor(status: number, error: ProxyError, message: string) {
    super(message);
    this.trouble = { status, error, message };
  }
}

/** What to tell a client about the error that ended its request. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof RequestRefused) return error.trouble;
  if (error instanceof TargetRefused && error.fault === 'client') {
    return { status: 403, error: 'destination_ip_prohibited', message: error.message };
  }
  if (error instanceof AttemptFailure) return troubleOfFailure(error);
  if (error instanceof ProxyPoolEmptyError) {
    const { message, retryAfterMs } = error;
    return { status: 503, error: 'destination_unavailable', message, retryAfterMs };
  }
  if (error instanceof TimeoutError) {
    return { status: 504, error: 'connection_timeout', message: 'the time for the request is over' };
  }
  if (error instanceof BulkheadFullError) {
    return { status: 503, error: 'connection_limit_reached', message: error.message, retryAfterMs: 1000 };
  }
  if (error instanceof RateLimitedError) {
    const { message, retryAfterMs } = error;
    return { status: 429, error: 'http_request_denied', message, retryAfterMs };
  }
  // The rotator's own errors carry the last attempt's failure as their cause.
  if (isMulliganError(error) && error.cause instanceof Error) return troubleOf(error.cause);
  return { status: 500, error: 'proxy_internal_error', message: 'the gateway failed' };
}

function troubleOfFailure(failure: AttemptFailure): Trouble {
  const { fault, message, retryAfterMs, status } = failure;
  const error = errorTypeOf(failure);
  if (fault === 'client') return { status: 400, error: 'http_request_error', message };
  if (error.endsWith('_timeout')) return { status: 504, error, message };
  return { status: status === 429 || status === 503 ? 503 : 502, error, message, retryAfterMs };
}
