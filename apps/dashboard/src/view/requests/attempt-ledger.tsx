import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import {
  type Attempt,
  attemptResult,
  faults,
  type TimelinePart,
  timelineOf,
  waitSentence,
} from '../../state/call-story.ts';

/** Every attempt of a request, and where it lies in time. */
export function AttemptLedger({ call }: { call: Call }): VNode {
  const parts = timelineOf(call);
  return (
    <section class="ledger" aria-label="Attempts">
      <h3>{call.attempts.length === 1 ? 'One attempt' : `${call.attempts.length} attempts`}</h3>
      <ol>
        {parts.map((part) => (
          <li key={part.attempt.number}>
            <Entry part={part} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Entry({ part }: { part: TimelinePart }): VNode {
  const { attempt } = part;
  const isGood = attempt.outcome === 'success';
  const wait = waitSentence(attempt);
  return (
    <>
      {wait !== undefined && <p class="ledger-wait">{wait}</p>}
      <div class={`ledger-entry ${isGood ? 'is-good' : 'is-bad'}`}>
        <span class="ledger-number" aria-hidden="true">
          {attempt.number}
        </span>
        <div class="ledger-what">
          <span class="id">{attempt.proxy_id ?? 'direct'}</span>
          <span class="ledger-result">{attemptResult(attempt)}</span>
          <FaultLine attempt={attempt} />
        </div>
        <span class="ledger-latency">{formatDuration(attempt.latency)}</span>
      </div>
      <Lane part={part} isGood={isGood} />
    </>
  );
}

function FaultLine({ attempt: { failure, status } }: { attempt: Attempt }): VNode | null {
  if (failure === null) return null;
  const phase = failure.phase === null ? '' : ` · in phase ${failure.phase}`;
  const answer = status === null ? '' : ` · status ${status}`;
  return (
    <span class="sub-line">
      Charged to {faults[failure.fault]} · {failure.category}
      {phase}
      {answer}
    </span>
  );
}

function Lane({ part: { waitFrom, from, to }, isGood }: { part: TimelinePart; isGood: boolean }): VNode {
  const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
  return (
    <div class="lane" aria-hidden="true">
      <span class="lane-wait" style={{ left: percent(waitFrom), width: percent(from - waitFrom) }} />
      <span
        class={isGood ? 'lane-attempt' : 'lane-attempt is-bad'}
        style={{ left: percent(Math.min(from, 0.995)), width: percent(Math.max(0.005, to - from)) }}
      />
    </div>
  );
}
