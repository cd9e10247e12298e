import { MulliganError } from '../../kernel/index.ts';
import type { PointId } from './options.ts';

/** Some batches of an upsert are stored, and one has been given up. `cause` is its last error. */
export class PartialUpsertError extends MulliganError {
  override name = 'PartialUpsertError';
  /** Points that are stored. */
  readonly storedIds: readonly PointId[];
  /** Points that are not stored, or of which nobody knows: adding them again, under these ids, does no harm. */
  readonly failedIds: readonly PointId[];

  constructor(storedIds: readonly PointId[], failedIds: readonly PointId[], cause: unknown) {
    const all = storedIds.length + failedIds.length;
    super('MULLIGAN_PARTIAL_UPSERT', `upsert: ${failedIds.length} of ${all} points are not stored`, { cause });
    this.storedIds = storedIds;
    this.failedIds = failedIds;
  }
}
