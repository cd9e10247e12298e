/** What a provider tells of one limit: a bucket that fills up again by itself. */
export interface BucketReport {
  /** What is left. */
  readonly remaining: number;
  /** What there is at most, where it says so. */
  readonly limit: number | undefined;
  /** In how many milliseconds the bucket will be full again. */
  readonly resetMs: number;
}

/** A bucket as it stood at one moment of the world's clock. */
export interface Bucket extends BucketReport {
  readonly atMs: number;
}

/**
 * How much a bucket holds. It fills up evenly where the limit is known, as the providers do it; else nothing is known
 * until the reset, and after it there is no limit until the next answer tells of one.
 */
export function levelAt({ remaining, limit, resetMs, atMs }: Bucket, nowMs: number): number {
  const passedMs = nowMs - atMs;
  if (passedMs >= resetMs) return limit ?? Number.POSITIVE_INFINITY;
  if (limit === undefined || limit <= remaining) return remaining;
  return remaining + ((limit - remaining) * passedMs) / resetMs;
}

/** How long to wait until so much can be taken. What is larger than the bucket has to wait for a full one. */
export function waitFor(bucket: Bucket, need: number, nowMs: number): number {
  const { remaining, limit, resetMs, atMs } = bucket;
  const wanted = Math.min(need, limit ?? need);
  if (levelAt(bucket, nowMs) >= wanted) return 0;
  const isEven = limit !== undefined && limit > remaining;
  const fullMs = isEven ? ((wanted - remaining) * resetMs) / (limit - remaining) : resetMs;
  return Math.max(0, atMs + Math.min(fullMs, resetMs) - nowMs);
}

/** Takes so much out, also when there is less: the debt delays the next one. */
export function take(bucket: Bucket, need: number, nowMs: number): Bucket | undefined {
  const { limit, resetMs, atMs } = bucket;
  const passedMs = nowMs - atMs;
  const level = levelAt(bucket, nowMs);
  if (level === Number.POSITIVE_INFINITY) return undefined;
  const remaining = level - need;
  const leftMs = Math.max(0, resetMs - passedMs);
  if (limit === undefined) return { remaining, limit, resetMs: leftMs, atMs: nowMs };
  // It goes on filling at the same speed, and so takes longer to be full.
  const perMs = fillPerMs(bucket);
  return { remaining, limit, resetMs: perMs > 0 ? (limit - remaining) / perMs : leftMs, atMs: nowMs };
}

function fillPerMs({ remaining, limit = remaining, resetMs }: Bucket): number {
  return resetMs > 0 ? (limit - remaining) / resetMs : 0;
}
