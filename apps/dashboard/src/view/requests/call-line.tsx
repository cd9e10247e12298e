import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration, formatTime } from '../../format/duration.ts';
import { hrefOf } from '../../state/route.ts';
import { statusOf, viaOf } from './outcome.ts';
import { Trail } from './trail.tsx';

/** One request in a line, which leads to its attempts. */
export function CallLine({ call, isOpen = false }: { call: Call; isOpen?: boolean }): VNode {
  return (
    <a
      class={`call outcome-${call.outcome}`}
      href={hrefOf({ view: 'requests', id: call.id })}
      {...(isOpen ? { 'aria-current': 'true' } : {})}
    >
      <time dateTime={call.timestamp}>{formatTime(call.timestamp)}</time>
      <span class="target" title={call.target}>
        <span class="method">{call.method}</span> {call.target}
      </span>
      <Trail attempts={call.attempts} />
      <span class="via">{viaOf(call)}</span>
      <span class="status">{statusOf(call)}</span>
      <span class="duration">{formatDuration(call.duration)}</span>
    </a>
  );
}
