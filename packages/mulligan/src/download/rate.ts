/** How fast something goes, smoothed over some seconds. */
export interface Rate {
  readonly bytesPerSecond: number;
  readonly bytes: number;
  readonly atMs: number;
}

/** After that long a change has come through to about two thirds. */
const smoothingMs = 3000;

/** The rate at the beginning. */
export function startRate(bytes: number, atMs: number): Rate {
  return { bytesPerSecond: 0, bytes, atMs };
}

/** The rate after a further look: an average that forgets, whatever the intervals. */
export function nextRate(rate: Rate, bytes: number, atMs: number): Rate {
  const passedMs = atMs - rate.atMs;
  if (passedMs <= 0) return rate;
  const now = (Math.max(0, bytes - rate.bytes) * 1000) / passedMs;
  const isFirst = rate.bytesPerSecond === 0;
  const weight = isFirst ? 1 : 1 - Math.exp(-passedMs / smoothingMs);
  return { bytesPerSecond: rate.bytesPerSecond + weight * (now - rate.bytesPerSecond), bytes, atMs };
}

/** How long the rest takes at this rate, in milliseconds; `undefined` when nobody can know. */
export function remainingMs({ bytesPerSecond, bytes }: Rate, total: number | undefined): number | undefined {
  if (total === undefined || bytesPerSecond <= 0) return undefined;
  return (Math.max(0, total - bytes) * 1000) / bytesPerSecond;
}
