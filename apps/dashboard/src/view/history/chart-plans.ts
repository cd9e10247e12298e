import type { HistoryPoint } from '@mulligan/proxy';
import type uPlot from 'uplot';
import { formatDay, formatDuration, formatMoment } from '../../format/duration.ts';
import { formatCount, formatShare, nothing } from '../../format/number.ts';
import type { HistorySeries } from '../../state/history-series.ts';

/** A part of the time, in seconds since 1970. */
export interface TimePart {
  readonly min: number;
  readonly max: number;
}

/** What a chart is drawn with. */
export interface ChartRoom {
  readonly width: number;
  /** A colour of the page by its name. */
  readonly ink: (name: string) => string;
  /** When breakers opened, in seconds since 1970. */
  readonly opened: readonly number[];
  /** Told of the part that was chosen to be looked at closer. */
  readonly onZoom: (part: TimePart) => void;
}

type Column = readonly (number | null)[];

/** One chart of the history. */
export interface ChartPlan {
  readonly title: string;
  readonly options: (room: ChartRoom) => uPlot.Options;
  readonly data: (series: HistorySeries) => readonly (readonly number[] | Column)[];
  /** What it shows, for those who cannot see it; the table says the rest. */
  readonly describe: (points: readonly HistoryPoint[]) => string;
}

interface Line {
  readonly label: string;
  readonly colour: string;
  readonly isFilled?: boolean;
  readonly write: (value: number) => string;
}

const ms = (value: number): string => formatDuration(value / 1000);
const percent = (value: number): string => formatShare(value / 100);
const perMinute = (value: number): string => `${value < 10 ? value.toFixed(1) : formatCount(value)}/min`;

/** The charts, of everything or of one proxy: what is not counted for one is left out. */
export function chartPlans(isOneProxy: boolean): readonly ChartPlan[] {
  return [
    plan({
      title: 'Success rate',
      lines: [{ label: 'succeeded', colour: 'good', isFilled: true, write: percent }],
      data: ({ successPercent }) => [successPercent],
      range: [0, 100],
      describe: (points) => `Success rate, ${formatShare(shareOf(points))} over all; the table has the numbers`,
    }),
    plan({
      title: isOneProxy ? 'Attempts' : 'Requests and retries',
      lines: [
        { label: isOneProxy ? 'attempts' : 'requests', colour: 'good', isFilled: true, write: perMinute },
        ...(isOneProxy ? [] : [{ label: 'retries', colour: 'warn-fill', isFilled: true, write: perMinute }]),
      ],
      data: ({ requestsPerMinute, retriesPerMinute }) =>
        isOneProxy ? [requestsPerMinute] : [requestsPerMinute, retriesPerMinute],
      describe: (points) => `Requests and retries per minute, ${formatCount(sumOf(points))} in all`,
    }),
    plan({
      title: 'Latency of attempts',
      lines: [
        { label: 'mean', colour: 'accent', write: ms },
        ...(isOneProxy ? [] : [{ label: 'p95', colour: 'muted', write: ms }]),
      ],
      data: ({ meanMs, p95Ms }) => (isOneProxy ? [meanMs] : [meanMs, p95Ms]),
      describe: () => 'Latency of attempts; the table has the numbers',
    }),
  ];
}

interface PlanInput {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly data: (series: HistorySeries) => readonly Column[];
  readonly range?: readonly [number, number];
  readonly describe: ChartPlan['describe'];
}

function plan({ title, lines, data, range, describe }: PlanInput): ChartPlan {
  return {
    title,
    describe,
    data: (series) => [series.times, ...data(series)],
    options: ({ width, ink, opened, onZoom }) => ({
      width,
      height: 150,
      legend: { live: true },
      cursor: { sync: { key: 'history' }, points: { size: 7 }, drag: { x: true, y: false } },
      scales: { x: { time: true }, y: { range: rangeOf(range) } },
      series: [
        {
          label: 'At',
          value: (_, time) => (time === null ? nothing : formatMoment(new Date(time * 1000).toISOString())),
        },
        ...lines.map((line) => seriesOf(line, ink)),
      ],
      axes: [
        { ...axis(ink), size: 30, values: (_, times) => times.map(timeLabel) },
        { ...axis(ink), size: 62, values: (_, values) => values.map((value) => shortLabel(lines, value)) },
      ],
      hooks: {
        drawAxes: [(chart) => drawOpenings(chart, opened, ink('bad-fill'))],
        setSelect: [(chart) => tellZoom(chart, onZoom)],
      },
    }),
  };
}

function tellZoom(chart: uPlot, onZoom: ChartRoom['onZoom']): void {
  const { left, width } = chart.select;
  if (width > 0) onZoom({ min: chart.posToVal(left, 'x'), max: chart.posToVal(left + width, 'x') });
}

function rangeOf(range: readonly [number, number] | undefined): uPlot.Scale.Range {
  return range === undefined ? (_, __, max) => [0, Math.max(1, max * 1.1)] : [range[0], range[1]];
}

function seriesOf({ label, colour, isFilled = false, write }: Line, ink: ChartRoom['ink']): uPlot.Series {
  return {
    label,
    stroke: ink(colour),
    width: 1.75,
    points: { size: 4, show: false },
    value: (_, value) => (value === null ? nothing : write(value)),
    ...(isFilled
      ? {
          fill: ink(colour)
            .replace(/^rgb\((.+)\)$/u, 'rgb($1 / 12%)')
            .replaceAll(',', ' '),
        }
      : {}),
  };
}

function axis(ink: ChartRoom['ink']): uPlot.Axis {
  const line = { stroke: ink('line'), width: 1 };
  return { stroke: ink('muted'), grid: line, ticks: { show: false }, font: '12px system-ui, sans-serif' };
}

/** The time of day; at midnight the day. */
function timeLabel(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (date.getHours() + date.getMinutes() === 0) return formatDay(date);
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** The unit of the first line is that of the axis. */
function shortLabel([line]: readonly Line[], value: number | null): string {
  return value === null || line === undefined
    ? ''
    : line.write(value).replace('.0/', '/').replace('.0%', '%').replace('.0 ms', ' ms');
}

/** A thin mark at the bottom for each breaker that opened. */
function drawOpenings(chart: uPlot, opened: readonly number[], colour: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = colour;
  for (const time of opened) {
    const x = chart.valToPos(time, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) ctx.fillRect(x - 1, bbox.top + bbox.height - 10, 2, 10);
  }
  ctx.restore();
}

function sumOf(points: readonly HistoryPoint[]): number {
  return points.reduce((sum, { requests }) => sum + requests, 0);
}

function shareOf(points: readonly HistoryPoint[]): number | null {
  const requests = sumOf(points);
  const failures = points.reduce((sum, point) => sum + point.failures, 0);
  return requests === 0 ? null : (requests - failures) / requests;
}
