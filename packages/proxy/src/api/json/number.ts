/** A moment as the API writes it. */
export function toMoment(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

/** Milliseconds as seconds, to the microsecond: further digits are made by floating point only. */
export function toSeconds(ms: number): number {
  return Math.max(0, round(ms / 1000));
}

/** A number without the digits that only floating point makes. */
export function round(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

/** `Infinity` stands for "no limit" and cannot be written in JSON. */
export function orNull(value: number): number | null {
  return value === Number.POSITIVE_INFINITY ? null : value;
}
