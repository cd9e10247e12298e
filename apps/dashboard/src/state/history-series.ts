import type { BreakerEventJson, HistoryPoint } from '@mulligan/proxy';

/** What the charts draw: one value of each for each time, `null` where there is none. */
export interface HistorySeries {
  /** Seconds since 1970, the middle of each time. */
  readonly times: readonly number[];
  /** In per cent. */
  readonly successPercent: readonly (number | null)[];
  readonly requestsPerMinute: readonly (number | null)[];
  readonly retriesPerMinute: readonly (number | null)[];
  /** In milliseconds. */
  readonly meanMs: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
  readonly breakerOpens: readonly (number | null)[];
}

/** Points as the charts draw them; where nothing happened the line is broken. */
export function historySeries(points: readonly HistoryPoint[]): HistorySeries {
  const rows = withGaps(points);
  const column = (value: (point: HistoryPoint) => number | null): (number | null)[] =>
    rows.map(({ point }) => (point === undefined ? null : value(point)));
  return {
    times: rows.map(({ time }) => time),
    successPercent: column(({ success_rate: rate }) => (rate === null ? null : rate * 100)),
    requestsPerMinute: column(({ requests, duration }) => (requests * 60) / duration),
    retriesPerMinute: column(({ retries, duration }) => (retries === null ? null : (retries * 60) / duration)),
    meanMs: column(({ latency }) => (latency === null ? null : latency * 1000)),
    p95Ms: column(({ latency_p95: latency }) => (latency === null ? null : latency * 1000)),
    breakerOpens: column(({ breaker_opens: opens }) => opens),
  };
}

interface Row {
  readonly time: number;
  readonly point: HistoryPoint | undefined;
}

function withGaps(points: readonly HistoryPoint[]): Row[] {
  const rows: Row[] = [];
  let end: number | undefined;
  for (const point of points) {
    const start = Date.parse(point.timestamp) / 1000;
    if (end !== undefined && start > end) rows.push({ time: (start + end) / 2, point: undefined });
    rows.push({ time: start + point.duration / 2, point });
    end = start + point.duration;
  }
  return rows;
}

/** What a table says of the points: at most this many rows, each a longer time. */
export function summarizeHistory(points: readonly HistoryPoint[], rows = 24): readonly HistoryPoint[] {
  const perRow = Math.ceil(points.length / rows);
  const groups: HistoryPoint[][] = [];
  for (let at = 0; at < points.length; at += perRow) groups.push(points.slice(at, at + perRow));
  return groups.flatMap((group) => addUp(group) ?? []);
}

function addUp(group: readonly HistoryPoint[]): HistoryPoint | undefined {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const sum = (value: (point: HistoryPoint) => number): number => group.reduce((all, point) => all + value(point), 0);
  const [requests, failures] = [sum((point) => point.requests), sum((point) => point.failures)];
  const attempts = ({ requests: count, retries }: HistoryPoint): number => count + (retries ?? 0);
  const tried = sum((point) => (point.latency === null ? 0 : attempts(point)));
  const p95 = group.flatMap(({ latency_p95: latency }) => latency ?? []);
  return {
    timestamp: first.timestamp,
    duration: (Date.parse(last.timestamp) - Date.parse(first.timestamp)) / 1000 + last.duration,
    requests,
    failures,
    success_rate: requests === 0 ? null : (requests - failures) / requests,
    retries: first.retries === null ? null : sum((point) => point.retries ?? 0),
    latency: tried === 0 ? null : sum((point) => (point.latency ?? 0) * attempts(point)) / tried,
    latency_p95: p95.length === 0 ? null : Math.max(...p95),
    breaker_opens: sum((point) => point.breaker_opens),
  };
}

/** Text with these columns, as spreadsheets read it (RFC 4180). Cells that a spreadsheet would calculate are text. */
export function csvOf<Row extends object>(rows: readonly Row[], columns: readonly (keyof Row & string)[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}

function cell(value: unknown): string {
  const text = value === null ? '' : String(value);
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The columns of the exported files. */
export const pointColumns: readonly (keyof HistoryPoint)[] = [
  'timestamp',
  'duration',
  'requests',
  'failures',
  'success_rate',
  'retries',
  'latency',
  'latency_p95',
  'breaker_opens',
];

export const eventColumns: readonly (keyof BreakerEventJson)[] = [
  'timestamp',
  'proxy_id',
  'from_state',
  'to_state',
  'failure_count',
];
