import type { VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import {
  loadSteps,
  type Schedule,
  type ScheduledPolicy,
  type ScheduledRetry,
  scheduleOf,
} from '../../state/schedule.ts';
import { LoadPicture } from './load-picture.tsx';

/** What a policy comes to: when its retries begin, and what they do to a server in an outage. */
export function SchedulePicture({ policy }: { policy: ScheduledPolicy | undefined }): VNode {
  if (policy === undefined)
    return (
      <>
        <h2 id="schedule-title">What it comes to</h2>
        <p class="empty">The schedule is drawn when all values are in their ranges.</p>
      </>
    );
  const schedule = scheduleOf(policy);
  const spanSeconds = Math.max(schedule.longestWaits, 0.1);
  return (
    <>
      <h2 id="schedule-title">What it comes to</h2>
      <dl class="facts">
        <Fact name="Attempts at most" value={String(schedule.attempts)} />
        <Fact name="Waits in the worst case" value={formatDuration(schedule.longestWaits)} />
        <Fact name="Load in an outage" value={`${schedule.attempts}×`} isBad={schedule.attempts > 3} />
      </dl>
      <ScheduleTable schedule={schedule} spanSeconds={spanSeconds} timeout={policy.timeout} />
      <LoadPicture steps={loadSteps(schedule)} spanSeconds={spanSeconds} />
    </>
  );
}

function Fact({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isBad ? 'tone-failure' : ''}>{value}</dd>
    </div>
  );
}

interface TableProps {
  readonly schedule: Schedule;
  readonly spanSeconds: number;
  readonly timeout: number | null;
}

function ScheduleTable({ schedule, spanSeconds, timeout }: TableProps): VNode {
  return (
    <table class="schedule">
      <caption>
        When each attempt begins, if those before it fail at once
        {timeout !== null && `; the call ends after ${formatDuration(timeout)} at the latest`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Attempt</th>
          <th scope="col" class="wide">
            <span class="for-readers">Begins after</span>
          </th>
          <th scope="col" class="number">
            Wait before
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">1</th>
          <td class="wide">
            <span class="for-readers">at once</span>
            <span class="band" aria-hidden="true">
              <span class="band-tick" style={{ left: '0%' }} />
            </span>
          </td>
          <td class="number muted">none</td>
        </tr>
        {schedule.retries.map((retry) => (
          <RetryRow key={retry.retry} retry={retry} spanSeconds={spanSeconds} />
        ))}
      </tbody>
    </table>
  );
}

function RetryRow({ retry, spanSeconds }: { retry: ScheduledRetry; spanSeconds: number }): VNode {
  const { startsAt, shortest, typical, longest, fits } = retry;
  const percent = (seconds: number): string => `${Math.min(100, (seconds / spanSeconds) * 100).toFixed(2)}%`;
  const isRange = longest - shortest > 1e-6;
  const range = isRange ? `${formatDuration(shortest)} to ${formatDuration(longest)}` : formatDuration(typical);
  const width = Math.min(spanSeconds, startsAt.latest) - Math.min(spanSeconds, startsAt.earliest);
  return (
    <tr class={`fits-${fits}`}>
      <th scope="row">{retry.retry + 1}</th>
      <td class="wide">
        <span class="for-readers">
          {formatDuration(startsAt.earliest)} to {formatDuration(startsAt.latest)}
        </span>
        <span class="band" aria-hidden="true">
          {fits !== 'never' && (
            <>
              <span class="band-range" style={{ left: percent(startsAt.earliest), width: percent(width) }} />
              <span class="band-tick" style={{ left: percent(startsAt.typical) }} />
            </>
          )}
        </span>
      </td>
      <td class="number">
        {fits === 'never' ? <span class="muted">no time left</span> : range}
        {fits === 'sometimes' && <span class="sub">if chance leaves time</span>}
      </td>
    </tr>
  );
}
