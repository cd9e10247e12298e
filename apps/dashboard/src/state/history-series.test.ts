import type { HistoryPoint } from '@mulligan/proxy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf, historySeries, pointColumns, summarizeHistory } from './history-series.ts';

const start = Date.parse('2030-01-01T00:00:00.000Z');
const point = (minute: number, change: Partial<HistoryPoint> = {}): HistoryPoint => ({
  timestamp: new Date(start + minute * 60_000).toISOString(),
  duration: 60,
  requests: 10,
  failures: 1,
  success_rate: 0.9,
  retries: 2,
  latency: 0.1,
  latency_p95: 0.2,
  breaker_opens: 0,
  ...change,
});

test('times stand in the middle, figures are per minute whatever the duration', () => {
  const { times, requestsPerMinute, retriesPerMinute, successPercent, meanMs } = historySeries([
    point(0, { duration: 3600, requests: 600, retries: 60 }),
    point(60),
  ]);
  expect(times.map((time) => time - start / 1000)).toEqual([1800, 3630]);
  expect([requestsPerMinute, retriesPerMinute]).toEqual([
    [10, 10],
    [1, 2],
  ]);
  expect([successPercent, meanMs]).toEqual([
    [90, 90],
    [100, 100],
  ]);
});

test('where nothing happened the line is broken', () => {
  expect(historySeries([point(0), point(1), point(5)]).requestsPerMinute).toEqual([10, 10, null, 10]);
});

test('times rise', () => {
  const minutes = fc.uniqueArray(fc.nat(2000)).map((each) => each.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(minutes, (each) => {
      const { times } = historySeries(each.map((minute) => point(minute)));
      for (let at = 1; at < times.length; at++) expect(times[at]).toBeGreaterThan(times[at - 1]!);
    }),
  );
});

test('a table of a day has a row for each hour, and loses no request', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1500 }), (count) => {
      const points = Array.from({ length: count }, (_, minute) => point(minute));
      const rows = summarizeHistory(points);
      expect(rows.length).toBeLessThanOrEqual(24);
      expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(count * 10);
    }),
    { numRuns: 100 },
  );
});

test('a row adds up counts, and weighs latencies by their attempts', () => {
  const [row] = summarizeHistory(
    [point(0), point(1, { requests: 30, failures: 0, retries: 6, latency: 0.3, latency_p95: 0.9, breaker_opens: 2 })],
    1,
  );
  expect(row).toMatchObject({ duration: 120, requests: 40, failures: 1, success_rate: 0.975, retries: 8 });
  expect(row).toMatchObject({ latency: expect.closeTo(0.25), latency_p95: 0.9, breaker_opens: 2 });
});

test('CSV has a header, empty cells for what is not known, and quotes where they are needed', () => {
  const [header, row] = csvOf([point(0, { latency_p95: null })], pointColumns).split('\r\n');
  expect(header).toBe('timestamp,duration,requests,failures,success_rate,retries,latency,latency_p95,breaker_opens');
  expect(row).toBe('2030-01-01T00:00:00.000Z,60,10,1,0.9,2,0.1,,0');
  expect(csvOf([{ id: 'a "b", c' }], ['id'])).toBe('id\r\n"a ""b"", c"\r\n');
});

test('a name that a spreadsheet would calculate is text', () => {
  expect(csvOf([{ id: '=HYPERLINK("x")' }], ['id'])).toBe('id\r\n"\'=HYPERLINK(""x"")"\r\n');
});
