/** What a sparkline draws: the line, and where attempts failed. In its own units, 0 to 1 each way. */
export interface Sparkline {
  /** Points of the line; it is broken where an attempt failed. */
  readonly lines: readonly (readonly { readonly x: number; readonly y: number }[])[];
  readonly failures: readonly number[];
}

/** The newest attempts from left to right; the slowest touches the top. */
export function sparkline(latencies: readonly (number | null)[]): Sparkline {
  const slowest = Math.max(...latencies.map((latency) => latency ?? 0), 1e-9);
  const step = latencies.length > 1 ? 1 / (latencies.length - 1) : 0;
  const lines: { x: number; y: number }[][] = [[]];
  const failures: number[] = [];
  for (const [at, latency] of latencies.entries()) {
    if (latency === null) {
      failures.push(at * step);
      lines.push([]);
    } else lines.at(-1)?.push({ x: at * step, y: latency / slowest });
  }
  return { lines: lines.filter((line) => line.length > 0), failures };
}
