import { InvalidOptionError, show } from './error.ts';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const textForm = /^(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h|d)$/;

/** A duration as text: a number and one of `ms`, `s`, `m`, `h`, `d`, such as `'250ms'` or `'1.5s'`. */
export type DurationText = `${number}${keyof typeof unitMs}`;

/** A duration in parts, which are added up: `{ minutes: 1, seconds: 30 }`. */
export interface DurationParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** How long: a number of **milliseconds**, text with a unit, or parts. Never negative; `Infinity` is "no limit". */
export type Duration = number | DurationText | DurationParts;

const partMs: Record<keyof DurationParts, number> = {
  days: unitMs.d,
  hours: unitMs.h,
  minutes: unitMs.m,
  seconds: unitMs.s,
  milliseconds: unitMs.ms,
};

function partsToMs(parts: object): number {
  const entries = Object.entries(parts) as [keyof DurationParts, unknown][];
  // An object without parts is anything but a duration: a promise, for instance.
  let total = entries.length === 0 ? Number.NaN : 0;
  for (const [part, amount] of entries) {
    total += typeof amount === 'number' ? (partMs[part] ?? Number.NaN) * amount : Number.NaN;
  }
  return total;
}

function parse(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    const [, amount, unit] = textForm.exec(value.trim()) ?? [];
    return unit === undefined ? Number.NaN : Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return partsToMs(value);
  return Number.NaN;
}

/**
 * Reads a duration as milliseconds.
 * @param option the name of the option, for the sentence that answers a bad value
 * @throws {InvalidOptionError} when the value is negative, not a number, or in no known form
 */
export function toMs(value: Duration, option = 'duration'): number {
  const ms = parse(value);
  if (ms >= 0) return ms;
  throw new InvalidOptionError(
    option,
    value,
    `${option} must be a duration of 0 or more, such as 250 (milliseconds), '1.5s' or { seconds: 30 }, got ${show(value)}`,
  );
}

/** Whether a value has one of the forms of {@link Duration} and is not negative. */
export function isDuration(value: unknown): value is Duration {
  return parse(value) >= 0;
}

/** Writes milliseconds for people: `850 ms`, `1.2 s`, `3 m`, `no limit`. */
export function formatMs(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'no limit';
  if (ms < 1000) return `${trim(ms)} ms`;
  if (ms < 120_000) return `${trim(ms / 1000)} s`;
  return ms < 7_200_000 ? `${trim(ms / 60_000)} m` : `${trim(ms / 3_600_000)} h`;
}

function trim(amount: number): string {
  return String(Math.round(amount * 10) / 10);
}
