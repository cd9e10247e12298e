import { checkNumber } from '../kernel/index.ts';
import type { StorageRange } from './storage.ts';

/** Returns the range with an end, or answers in a sentence. For backends of your own, too. */
export function checkRange(range: StorageRange | undefined): { offset: number; length: number } | undefined {
  if (range === undefined) return undefined;
  const { offset, length = Number.POSITIVE_INFINITY } = range;
  return {
    offset: checkNumber('range.offset', offset, { min: 0, whole: true, max: Number.MAX_SAFE_INTEGER }),
    length: checkNumber('range.length', length, { min: 1, whole: true }),
  };
}

/** The piece that a range means; what lies behind the end is not there. */
export function cut(bytes: Uint8Array, range: StorageRange | undefined): Uint8Array {
  const checked = checkRange(range);
  return checked === undefined ? bytes : bytes.subarray(checked.offset, checked.offset + checked.length);
}
