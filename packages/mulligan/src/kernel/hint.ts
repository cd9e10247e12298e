/** An error that knows how long to wait before trying again, such as `CircuitOpenError`. */
export interface RetryHint {
  /** Milliseconds from now; `Infinity` means that waiting does not help. */
  readonly retryAfterMs: number;
}

/** Reads the hint of an error, if it has one that makes sense. */
export function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return undefined;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined;
}
