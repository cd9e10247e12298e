import { MulliganError } from '../../kernel/index.ts';

/** A bulkhead had no room for the call: it has not been made. */
export class BulkheadFullError extends MulliganError {
  override name = 'BulkheadFullError';
  /** Whether nobody more may wait, or the call has waited too long. */
  readonly reason: 'full' | 'queue-timeout';

  constructor(bulkhead: string, reason: 'full' | 'queue-timeout', concurrent: number) {
    const sentence = reason === 'full' ? 'there is no room for another call' : 'the call waited too long for room';
    super('MULLIGAN_BULKHEAD_FULL', `${bulkhead}: ${sentence}; ${concurrent} are running`);
    this.reason = reason;
  }
}
