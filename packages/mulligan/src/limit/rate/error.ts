import { formatMs, MulliganError, type RetryHint } from '../../kernel/index.ts';

/** A rate limit of our own refused the call: it has not been made. `retry` waits for `retryAfterMs`. */
export class RateLimitedError extends MulliganError implements RetryHint {
  override name = 'RateLimitedError';
  /** When there is room for the call. */
  readonly retryAfterMs: number;

  constructor(limit: string, retryAfterMs: number) {
    super('MULLIGAN_RATE_LIMITED', `${limit}: too many calls; there is room for this one in ${formatMs(retryAfterMs)}`);
    this.retryAfterMs = retryAfterMs;
  }
}
