import type { Status } from '@mulligan/proxy';

/** One second of the chart; heights from 0 to 1 of the chart's own scale. */
export interface TrafficBar {
  readonly second: Status['recent'][number];
  readonly succeeded: number;
  readonly failed: number;
  readonly retries: number;
}

/** The chart of the last minute: requests grow upwards and retries downwards. */
export interface TrafficChart {
  readonly bars: readonly TrafficBar[];
  /** How many requests or retries the full height stands for, on each side. */
  readonly up: number;
  readonly down: number;
}

/** A round number at or above: 1, 2, 5, 10, 20, 50 … */
export function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const step = [1, 2, 5, 10].find((factor) => factor * magnitude >= value) ?? 10;
  return step * magnitude;
}

/** The newest second is left out: it is not over. */
export function trafficChart(seconds: Status['recent']): TrafficChart {
  const recent = seconds.slice(0, -1);
  const up = roundUp(Math.max(4, ...recent.map(({ requests }) => requests)));
  const down = roundUp(Math.max(2, ...recent.map(({ retries }) => retries)));
  const bars = recent.map((second) => ({
    second,
    succeeded: (second.requests - second.failures) / up,
    failed: second.failures / up,
    retries: second.retries / down,
  }));
  return { bars, up, down };
}
