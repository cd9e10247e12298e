import { formatMs, MulliganError, type RetryHint } from '../kernel/index.ts';

/** A circuit breaker refused the call: the other side has not been asked. `retry` waits for `retryAfterMs`. */
export class CircuitOpenError extends MulliganError implements RetryHint {
  override name = 'CircuitOpenError';
  /**
   * When it will try the other side again: 0 while it is doing so, in which case the answer may come at any moment;
   * `Infinity` while it is isolated by hand.
   */
  readonly retryAfterMs: number;

  constructor(breaker: string, retryAfterMs: number) {
    super('MULLIGAN_CIRCUIT_OPEN', `${breaker}: ${sentence(retryAfterMs)}`);
    this.retryAfterMs = retryAfterMs;
  }
}

function sentence(retryAfterMs: number): string {
  if (retryAfterMs === 0) return 'the circuit is half open, and others are testing it';
  if (retryAfterMs === Number.POSITIVE_INFINITY) return 'the circuit is held open by hand';
  return `the circuit is open, and will be tested in ${formatMs(retryAfterMs)}`;
}
