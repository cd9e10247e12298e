/** A moment as the API writes it. */
export function toMoment(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

/** Milliseconds as seconds, without the digits that only floating point makes; `null` for a limit that is none. */
export function toSeconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1_000_000);
}

/** `Infinity` stands for "no limit" and cannot be written in JSON. */
export function orNull(value: number): number | null {
  return value === Number.POSITIVE_INFINITY ? null : value;
}
