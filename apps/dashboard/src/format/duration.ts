import { nothing } from './number.ts';

/** A duration as a number and its unit, so that the unit can be shown smaller. */
export interface DurationParts {
  readonly amount: string;
  readonly unit: string;
}

/** Seconds for people: `0.4 ms`, `12 ms`, `1.24 s`, `14.2 s`, `95 s`. */
export function durationParts(seconds: number | null): DurationParts {
  if (seconds === null) return { amount: nothing, unit: '' };
  const ms = seconds * 1000;
  if (ms < 9.95) return { amount: ms.toFixed(1), unit: 'ms' };
  if (ms < 999.5) return { amount: ms.toFixed(0), unit: 'ms' };
  if (seconds < 9.995) return { amount: seconds.toFixed(2), unit: 's' };
  return { amount: seconds.toFixed(seconds < 99.95 ? 1 : 0), unit: 's' };
}

export function formatDuration(seconds: number | null): string {
  const { amount, unit } = durationParts(seconds);
  return unit === '' ? amount : `${amount} ${unit}`;
}

/** How long something has been running, in its two largest units: `48 s`, `12 m 5 s`, `3 h 20 m`, `4 d 2 h`. */
export function formatUptime(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const;
  const first = Math.max(
    0,
    units.findIndex(([, length]) => seconds >= length),
  );
  const start = seconds < 1 ? units.length - 1 : first;
  let rest = Math.floor(seconds);
  const parts = units.slice(start, start + 2).map(([name, length]) => {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    return `${amount} ${name}`;
  });
  return parts.join(' ');
}

/** The time of day of a moment, to the second. */
export function formatTime(moment: string): string {
  return new Date(moment).toLocaleTimeString('en-GB');
}

/** The day and the time of a moment; the day only where it is another one. */
export function formatMoment(moment: string, now: Date = new Date()): string {
  const date = new Date(moment);
  const time = formatTime(moment);
  if (date.toDateString() === now.toDateString()) return time;
  return `${formatDay(date)}, ${time}`;
}

/** A day of the year: `22 Nov`. */
export function formatDay(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
