import type { Status } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatDuration, formatTime } from '../../format/duration.ts';
import { formatCount } from '../../format/number.ts';
import { type TrafficBar, trafficChart } from '../../state/traffic.ts';

const [width, above, below, gap] = [600, 92, 40, 1];

/** The last minute, second by second. */
export function TrafficPanel({ status }: { status: Status | undefined }): VNode {
  const [pointed, setPointed] = useState<number>();
  const { bars, up, down } = trafficChart(status?.recent ?? []);
  const bar = pointed === undefined ? undefined : bars[pointed];
  return (
    <section class="panel traffic" aria-labelledby="traffic-title">
      <div class="panel-head">
        <h2 id="traffic-title">Last minute</h2>
        <p class="legend">{bar === undefined ? <Legend /> : <Reading bar={bar} />}</p>
      </div>
      <div class="chart">
        <span class="scale" aria-hidden="true">
          {formatCount(up)}/s
        </span>
        <svg
          viewBox={`0 0 ${width} ${above + below}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(status)}
          onPointerMove={(event) => setPointed(barAt(event, bars.length))}
          onPointerLeave={() => setPointed(undefined)}
        >
          {bars.map((each, at) => (
            <Bar key={at} bar={each} at={at} step={width / bars.length} isPointed={at === pointed} />
          ))}
          <line class="end" x1="0" x2={width} y1="0.5" y2="0.5" />
          <line x1="0" x2={width} y1={above} y2={above} />
          <line class="end" x1="0" x2={width} y1={above + below - 0.5} y2={above + below - 0.5} />
        </svg>
        <span class="scale scale-down" aria-hidden="true">
          {formatCount(down)}/s
        </span>
      </div>
      <p class="times" aria-hidden="true">
        <span>a minute ago</span>
        <span>now</span>
      </p>
    </section>
  );
}

function barAt(event: PointerEvent, count: number): number {
  const box = (event.currentTarget as SVGElement).getBoundingClientRect();
  return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)));
}

interface BarProps {
  readonly bar: TrafficBar;
  readonly at: number;
  readonly step: number;
  readonly isPointed: boolean;
}

function Bar({ bar: { succeeded, failed, retries }, at, step, isPointed }: BarProps): VNode {
  const [good, bad, again] = [succeeded * above, failed * above, retries * below];
  const place = { x: at * step + gap / 2, width: step - gap };
  return (
    <g class={isPointed ? 'is-pointed' : ''}>
      <rect class="ground" {...place} y="0" height={above + below} />
      <rect class="succeeded" {...place} y={above - good - bad} height={good} />
      <rect class="failed" {...place} y={above - bad} height={bad} />
      <rect class="retries" {...place} y={above + 1} height={again} />
    </g>
  );
}

function Legend(): VNode {
  return (
    <>
      <span class="key key-succeeded">succeeded</span>
      <span class="key key-failed">failed</span>
      <span class="key key-retries">retries</span>
    </>
  );
}

function Reading({ bar: { second } }: { bar: TrafficBar }): VNode {
  return (
    <>
      <span>{formatTime(second.timestamp)}</span>
      <span class="key key-succeeded">{second.requests - second.failures} succeeded</span>
      <span class="key key-failed">{second.failures} failed</span>
      <span class="key key-retries">{second.retries} retries</span>
      <span>median {formatDuration(second.latency)}</span>
    </>
  );
}

function summary(status: Status | undefined): string {
  if (status === undefined) return 'Requests and retries of the last minute: not known yet';
  const sum = (field: 'requests' | 'failures' | 'retries'): number =>
    status.recent.reduce((total, second) => total + second[field], 0);
  return `In the last minute ${sum('requests')} requests, of which ${sum('failures')} failed, and ${sum('retries')} retries`;
}
