const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What stands where there is nothing to show yet. */
export const nothing = '–';

/** `1,204`; from 100,000 on `120k` and `3.4M`, which fit everywhere. */
export function formatCount(count: number): string {
  if (count >= 999_500) return `${oneDigit.format(count / 1_000_000)}M`;
  return count >= 99_950 ? `${whole.format(count / 1000)}k` : whole.format(count);
}

/** A share as a percentage. It is 100 % only where nothing is missing, and 0 % only where nothing is there. */
export function formatShare(share: number | null): string {
  if (share === null) return nothing;
  if (share === 1) return '100%';
  if (share === 0) return '0%';
  return `${oneDigit.format(Math.min(99.9, Math.max(0.1, share * 100)))}%`;
}

/** Requests per second: a digit after the point while it says something. */
export function formatRate(perSecond: number): string {
  return perSecond < 100 ? oneDigit.format(perSecond) : formatCount(perSecond);
}
