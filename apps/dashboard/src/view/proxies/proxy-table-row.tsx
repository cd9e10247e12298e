import type { ProxyRow } from '@mulligan/proxy';
import type { ComponentChildren, VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { breakerNote } from '../../state/countdown.ts';
import { hrefOf } from '../../state/route.ts';
import type { ProxyDeed, ReceivedProxy } from '../../state/state.ts';
import { ConditionMark } from './condition.tsx';
import { Sparkline } from './sparkline.tsx';

interface Props {
  readonly proxy: ReceivedProxy;
  /** Its number among all rows, the header first, and where it stands. */
  readonly place: { readonly index: number; readonly topPx: number };
  readonly deed: ProxyDeed | undefined;
  readonly isWritable: boolean;
  readonly onDeed: (row: ProxyRow, deed: ProxyDeed) => void;
}

/** One proxy. */
export function ProxyTableRow({ proxy, place, deed, isWritable, onDeed }: Props): VNode {
  const { row } = proxy;
  const facts = factsOf(row);
  const note = breakerNote(proxy, performance.now());
  return (
    <div
      role="row"
      class="proxy-grid proxy-row"
      aria-rowindex={place.index}
      aria-busy={deed !== undefined}
      data-id={row.id}
      style={{ transform: `translateY(${place.topPx}px)` }}
    >
      <span role="rowheader" class="who">
        <a class="id" href={hrefOf({ view: 'history', proxy: row.id })} title={`${row.id}: its history`}>
          {row.id}
        </a>
        <span class="sub" title={facts}>
          {facts}
        </span>
      </span>
      <span role="cell" class="state">
        <ConditionMark condition={row.condition} />
        <span class="sub">{note}</span>
      </span>
      <NumberCell title="Score">{row.score.toFixed(2)}</NumberCell>
      <NumberCell title="Success">
        {formatShare(row.success_rate)}
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${(row.success_rate ?? 0) * 100}%` }} />
        </span>
      </NumberCell>
      <NumberCell title="Latency" kind="latency-cell">
        <Sparkline latencies={row.recent_latencies} />
        <span class="latency-mean">{formatDuration(row.avg_latency)}</span>
      </NumberCell>
      <NumberCell title="Attempts">{formatCount(row.total_attempts)}</NumberCell>
      <span role="cell" class="deeds">
        <Deeds row={row} deed={deed} isWritable={isWritable} onDeed={onDeed} />
      </span>
    </div>
  );
}

/** What is special about a proxy: how it is spoken to, where it is, and why it does not do well. */
function factsOf({ url, region, tags, condition, last_failure: failure }: ProxyRow): string {
  const protocol = url.split(':', 1)[0];
  const isWell = condition === 'healthy' || condition === 'paused';
  return [protocol === 'http' ? null : protocol, region, ...tags, isWell ? null : failure].filter(Boolean).join(' · ');
}

function NumberCell({
  title,
  kind = '',
  children,
}: {
  title: string;
  kind?: string;
  children: ComponentChildren;
}): VNode {
  return (
    <span role="cell" class={`number ${kind}`} data-title={title}>
      {children}
    </span>
  );
}

function Deeds({ row, deed, isWritable, onDeed }: Omit<Props, 'proxy' | 'place'> & { row: ProxyRow }): VNode {
  const button = (name: ProxyDeed, title: string, label: string, kind = 'quiet'): VNode => (
    <button
      type="button"
      class={kind}
      disabled={!isWritable || deed !== undefined}
      aria-label={label}
      title={isWritable ? label : 'Read only: the page has no token, or no connection'}
      onClick={() => onDeed(row, name)}
    >
      {title}
    </button>
  );
  return (
    <>
      {row.circuit_breaker.state !== 'closed' && button('reset', 'Reset', `Reset the breaker of ${row.id}`, '')}
      {button('check', deed === 'check' ? 'Checking' : 'Check', `Check ${row.id} now`)}
      {row.paused ? button('resume', 'Resume', `Resume ${row.id}`) : button('pause', 'Pause', `Pause ${row.id}`)}
      {button('remove', 'Remove', `Remove ${row.id}`)}
    </>
  );
}
