import type { Status } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatCount, formatRate, formatShare, nothing } from '../format/number.ts';
import { failuresInWindow, rescued } from '../state/headline.ts';
import { Figure, LatencyFigure } from './figure.tsx';

/** The numbers that say at a glance whether all is well. */
export function Headline({ status }: { status: Status | undefined }): VNode {
  if (status === undefined) return <EmptyHeadline />;
  const { failures, requests } = failuresInWindow(status);
  const { latency, proxies } = status;
  const rate = status.success_rate;
  return (
    <dl class="headline" aria-label={`The last ${status.window} seconds`}>
      <Figure
        label="Success rate"
        value={formatShare(rate)}
        tone={rate === null || rate >= 0.99 ? undefined : rate >= 0.9 ? 'warn' : 'bad'}
        note={
          requests === 0
            ? 'no requests in the last minute'
            : `${formatCount(failures)} of ${formatCount(requests)} failed`
        }
      />
      <Figure
        label="Requests"
        value={formatRate(status.requests_per_second)}
        unit="/s"
        note={`${formatCount(status.total_requests)} since the start`}
      />
      <LatencyFigure label="Latency p50" seconds={latency?.p50 ?? null} note="1 in 2 slower" />
      <LatencyFigure label="p95" seconds={latency?.p95 ?? null} note="1 in 20 slower" />
      <LatencyFigure label="p99" seconds={latency?.p99 ?? null} note="1 in 100 slower" />
      <Figure
        label="Second chances"
        value={formatCount(rescued(status))}
        note={`saved by ${formatCount(status.total_retries)} retries`}
      />
      <Figure
        label="Open breakers"
        value={formatCount(proxies.open)}
        unit={`of ${formatCount(proxies.total)}`}
        tone={proxies.open === 0 ? undefined : proxies.open * 2 > proxies.total ? 'bad' : 'warn'}
        note={breakerNote(proxies)}
      />
    </dl>
  );
}

function breakerNote({ half_open, available }: Status['proxies']): string {
  return half_open > 0 ? `${half_open} being tested; ${available} available` : `${available} available`;
}

function EmptyHeadline(): VNode {
  return (
    <dl class="headline" aria-busy="true">
      <Figure label="Success rate" value={nothing} note="" />
      <Figure label="Requests" value={nothing} note="" />
      <LatencyFigure label="Latency p50" seconds={null} note="" />
      <LatencyFigure label="p95" seconds={null} note="" />
      <LatencyFigure label="p99" seconds={null} note="" />
      <Figure label="Second chances" value={nothing} note="" />
      <Figure label="Open breakers" value={nothing} note="" />
    </dl>
  );
}
