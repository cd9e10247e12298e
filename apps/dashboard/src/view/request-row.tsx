import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration, formatTime } from '../format/duration.ts';

type Attempt = Call['attempts'][number];

// What stands where no status came back.
const outcomes: Record<Call['outcome'], string> = { success: 'ok', failure: 'failed', cancelled: 'left' };

/** The proxy of the last attempt. */
function viaOf({ attempts }: Call): string {
  const last = attempts.at(-1);
  return last === undefined ? '' : (last.proxy_id ?? 'direct');
}

/** One request: a line, and its attempts when it is opened. */
export function RequestRow({ call, onOpen }: { call: Call; onOpen: () => void }): VNode {
  return (
    <li>
      <details
        onToggle={(event) => {
          if (event.currentTarget.open) onOpen();
        }}
      >
        <summary class={`outcome-${call.outcome}`}>
          <time dateTime={call.timestamp}>{formatTime(call.timestamp)}</time>
          <span class="target" title={call.target}>
            <span class="method">{call.method}</span> {call.target}
          </span>
          <Trail attempts={call.attempts} />
          <span class="via">{viaOf(call)}</span>
          <span class="status">{call.status ?? outcomes[call.outcome]}</span>
          <span class="duration">{formatDuration(call.duration)}</span>
        </summary>
        <ol class="attempts">
          {call.attempts.map((attempt) => (
            <AttemptLine key={attempt.number} attempt={attempt} />
          ))}
          {call.error !== null && (
            <li class="reason">
              {call.error} {call.reason !== null && <span class="muted">({call.reason})</span>}
            </li>
          )}
        </ol>
      </details>
    </li>
  );
}

/** The attempts as a row of marks, one each. */
function Trail({ attempts }: { attempts: readonly Attempt[] }): VNode {
  const spoken = attempts.map(({ outcome }) => outcome).join(', ');
  return (
    <span
      class="trail"
      role="img"
      aria-label={`${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}: ${spoken}`}
    >
      {attempts.map(({ number, outcome }) => (
        <span key={number} class={outcome === 'success' ? 'mark mark-good' : 'mark mark-bad'} />
      ))}
    </span>
  );
}

function AttemptLine({ attempt }: { attempt: Attempt }): VNode {
  const { number, proxy_id, outcome, status, wait, latency, failure } = attempt;
  return (
    <li class={outcome === 'success' ? 'good' : 'bad'}>
      <span class="attempt-number">{number}</span>
      <span class="attempt-text">
        <span class="id">{proxy_id ?? 'direct'}</span>
        <span>{failure?.message ?? (status === null ? outcome : `answered ${status}`)}</span>
      </span>
      <span class="attempt-times">
        {wait >= 0.001 && <span class="muted">waited {formatDuration(wait)}</span>}
        <span>{formatDuration(latency)}</span>
      </span>
    </li>
  );
}
