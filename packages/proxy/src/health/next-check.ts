/** The lengths of time that {@link nextCheckMs} goes by. */
export interface CheckTimes {
  readonly intervalMs: number;
  readonly deadMs: number;
  readonly maxDeadMs: number;
}

/**
 * How long to wait before a proxy is checked again, after so many failed checks in a row. A dead one is asked half as
 * often each time; half of the wait is left to chance, so that many that died together are not asked together.
 */
export function nextCheckMs(
  failures: number,
  { intervalMs, deadMs, maxDeadMs }: CheckTimes,
  random: () => number,
): number {
  if (failures === 0) return intervalMs;
  const waitMs = Math.min(deadMs * 2 ** (failures - 1), maxDeadMs);
  return waitMs * (0.5 + random() / 2);
}
