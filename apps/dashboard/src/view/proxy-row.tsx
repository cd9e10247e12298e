import type { ProxyRow } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration } from '../format/duration.ts';
import { formatCount, formatShare } from '../format/number.ts';
import { breakerNote } from '../state/countdown.ts';
import type { ReceivedProxy } from '../state/state.ts';
import { ConditionMark } from './condition.tsx';

interface Props {
  readonly proxy: ReceivedProxy;
  readonly isBusy: boolean;
  readonly mayWrite: boolean;
  readonly onReset: (id: string) => void;
}

/** One proxy. */
export function ProxyRowView({ proxy, isBusy, mayWrite, onReset }: Props): VNode {
  const { row } = proxy;
  const breaker = row.circuit_breaker;
  const facts = factsOf(row);
  const note = breakerNote(proxy, performance.now());
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span class="id">{row.id}</span>
        {facts !== '' && (
          <span class="sub" title={facts}>
            {facts}
          </span>
        )}
      </th>
      <td role="cell" class="state">
        <ConditionMark condition={row.condition} />
        {note !== '' && <span class="sub">{note}</span>}
      </td>
      <NumberCell title="Score" value={row.score.toFixed(2)} />
      <td role="cell" class="number" data-title="Success">
        {formatShare(row.success_rate)}
        <SuccessBar row={row} />
      </td>
      <NumberCell title="Latency" value={formatDuration(row.avg_latency)} />
      <NumberCell title="Attempts" value={formatCount(row.total_attempts)} />
      <td role="cell" class="action">
        {breaker.state !== 'closed' && (
          <button
            type="button"
            disabled={isBusy || !mayWrite}
            aria-label={`Reset the breaker of ${row.id}`}
            title={mayWrite ? 'Close this breaker now' : 'Read only: the page has no token'}
            onClick={() => onReset(row.id)}
          >
            {isBusy ? 'Resetting' : 'Reset'}
          </button>
        )}
      </td>
    </tr>
  );
}

/** What is special about a proxy: how it is spoken to, where it is, and why it does not do well. */
function factsOf({ url, region, tags, condition, last_failure: failure }: ProxyRow): string {
  const protocol = url.split(':', 1)[0];
  const isWell = condition === 'healthy' || condition === 'paused';
  return [protocol === 'http' ? null : protocol, region, ...tags, isWell ? null : failure].filter(Boolean).join(' · ');
}

function NumberCell({ title, value }: { title: string; value: string }): VNode {
  return (
    <td role="cell" class="number" data-title={title}>
      {value}
    </td>
  );
}

function SuccessBar({ row }: { row: ProxyRow }): VNode {
  return (
    <span class="meter" aria-hidden="true">
      <span style={{ width: `${(row.success_rate ?? 0) * 100}%` }} />
    </span>
  );
}
