import type { VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import { sparkline } from '../../state/sparkline.ts';

const [width, height, pad] = [72, 22, 2];
const left = (x: number): number => pad + x * (width - 2 * pad);
const top = (y: number): number => height - pad - y * (height - 2 * pad);

/** The newest latencies of a proxy; a mark at the bottom is an attempt that failed. */
export function Sparkline({ latencies }: { latencies: readonly (number | null)[] }): VNode {
  const { lines, failures } = sparkline(latencies);
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={spoken(latencies)}>
      {lines.map((line, at) => (
        <polyline key={at} points={pointsOf(line)} />
      ))}
      {failures.map((x) => (
        <rect key={x} x={left(x) - 1} y={height - 6} width="2" height="6" />
      ))}
    </svg>
  );
}

/** A point of its own is a short line. */
function pointsOf(line: readonly { x: number; y: number }[]): string {
  const points = line.map(({ x, y }) => `${left(x).toFixed(1)},${top(y).toFixed(1)}`);
  const [first] = line;
  if (line.length === 1 && first !== undefined) points.push(`${(left(first.x) + 1.5).toFixed(1)},${top(first.y)}`);
  return points.join(' ');
}

function spoken(latencies: readonly (number | null)[]): string {
  const known = latencies.filter((latency) => latency !== null);
  if (latencies.length === 0) return 'no attempts yet';
  if (known.length === 0) return `the last ${latencies.length} attempts failed`;
  const failed = latencies.length - known.length;
  const range = `${formatDuration(Math.min(...known))} to ${formatDuration(Math.max(...known))}`;
  return `${range} in the last ${latencies.length} attempts${failed === 0 ? '' : `, ${failed} failed`}`;
}
