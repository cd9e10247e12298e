import type { HistoryPoint } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration, formatMoment, formatUptime } from '../../format/duration.ts';
import { formatCount, formatShare, nothing } from '../../format/number.ts';
import { summarizeHistory } from '../../state/history-series.ts';

const columns = ['Requests', 'Failed', 'Success', 'Retries', 'Mean latency', 'p95 at most', 'Breakers opened'];

/** The same as the charts, for those who read numbers; newest first. */
export function HistoryTable({ points }: { points: readonly HistoryPoint[] }): VNode {
  const rows = summarizeHistory(points).toReversed();
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="The history as a table">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" class="number">
              For
            </th>
            {columns.map((title) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.timestamp}>
              <th scope="row">{formatMoment(row.timestamp)}</th>
              <td class="number">{formatUptime(row.duration)}</td>
              <td class="number">{formatCount(row.requests)}</td>
              <td class="number">{formatCount(row.failures)}</td>
              <td class="number">{formatShare(row.success_rate)}</td>
              <td class="number">{row.retries === null ? nothing : formatCount(row.retries)}</td>
              <td class="number">{formatDuration(row.latency)}</td>
              <td class="number">{formatDuration(row.latency_p95)}</td>
              <td class="number">{formatCount(row.breaker_opens)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
