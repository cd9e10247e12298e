import type { Status } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatCount, formatRate, formatShare, nothing } from '../../format/number.ts';
import { failuresInWindow, rescued } from '../../state/headline.ts';
import { Figure, LatencyFigure } from './figure.tsx';

/** The numbers that say at a glance whether all is well. */
export function Headline({ status }: { status: Status | undefined }): VNode {
  if (status === undefined) return <EmptyHeadline />;
  const { latency } = status;
  return (
    <dl class="headline" aria-label={`The last ${status.window} seconds`}>
      <SuccessFigure status={status} />
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
        note={`by ${formatCount(status.total_retries)} retries`}
      />
      <BreakerFigure proxies={status.proxies} />
      <BudgetFigure status={status} />
    </dl>
  );
}

function SuccessFigure({ status }: { status: Status }): VNode {
  const { failures, requests } = failuresInWindow(status);
  const rate = status.success_rate;
  const tone = rate === null || rate >= 0.99 ? undefined : rate >= 0.9 ? 'warn' : 'bad';
  const note =
    requests === 0 ? 'nothing in the last minute' : `${formatCount(failures)} of ${formatCount(requests)} failed`;
  return <Figure label="Success rate" value={formatShare(rate)} tone={tone} note={note} />;
}

function BreakerFigure({ proxies }: { proxies: Status['proxies'] }): VNode {
  const { open, total, half_open, available } = proxies;
  return (
    <Figure
      label="Open breakers"
      value={formatCount(open)}
      unit={`of ${formatCount(total)}`}
      tone={open === 0 ? undefined : open * 2 > total ? 'bad' : 'warn'}
      note={half_open > 0 ? `${formatCount(half_open)} being tested` : `${formatCount(available)} available`}
    />
  );
}

function BudgetFigure({ status: { retry_budget: budget, total_requests: requests } }: { status: Status }): VNode {
  if (budget === null)
    return <Figure label="Retry budget" value={nothing} note={requests === 0 ? 'not used yet' : 'without a limit'} />;
  const tone = budget.left === 0 ? 'bad' : budget.left < 10 ? 'warn' : undefined;
  return (
    <Figure
      label="Retry budget"
      value={formatCount(budget.left)}
      unit="left"
      tone={tone}
      note={<span title={`Retries that requests to ${budget.target} could make now`}>for {budget.target}</span>}
    />
  );
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
      <Figure label="Retry budget" value={nothing} note="" />
    </dl>
  );
}
