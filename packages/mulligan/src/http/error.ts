import { formatMs, MulliganError, type RetryHint } from '../kernel/index.ts';

/**
 * Another attempt was needed, but the body of the request is a stream that can be read only once.
 * `cause` is the error of the attempt that was made.
 */
export class BodyNotReplayableError extends MulliganError {
  override name = 'BodyNotReplayableError';

  constructor(name: string, cause: unknown) {
    const remedy = 'give a function that makes the body, or let `spool` keep a copy of it';
    super(
      'MULLIGAN_BODY_NOT_REPLAYABLE',
      `${name}: the body can be read only once, so it cannot be sent again; ${remedy}`,
      {
        cause,
      },
    );
  }
}

/** The host has asked all callers to wait, for longer than this call has time. Nothing was sent. */
export class HeldError extends MulliganError implements RetryHint {
  override name = 'HeldError';
  /** How long the host will not be asked yet. */
  readonly retryAfterMs: number;

  constructor(name: string, retryAfterMs: number) {
    super(
      'MULLIGAN_HELD',
      `${name}: the host asked to wait another ${formatMs(retryAfterMs)}, which this call has no time for`,
    );
    this.retryAfterMs = retryAfterMs;
  }
}
