import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { chartPlans } from './chart-plans.ts';
import { type ChartedHistory, useCharts } from './use-charts.ts';

/** The charts one below the other: pointed at and zoomed into together. */
export function HistoryCharts({ points, events, isOneProxy }: ChartedHistory): VNode {
  const box = useRef<HTMLDivElement>(null);
  const { isZoomed, zoomOut } = useCharts(box, { points, events, isOneProxy });
  return (
    <div class="history-charts">
      <p class="history-hint muted">
        {isZoomed ? (
          <button type="button" onClick={zoomOut}>
            Show all 24 hours
          </button>
        ) : (
          <span>Point at a chart to read it; drag over it to look closer. Red marks are breakers that opened.</span>
        )}
      </p>
      <div ref={box}>
        {chartPlans(isOneProxy).map(({ title, describe }) => (
          <figure key={title} class="history-chart">
            <figcaption>{title}</figcaption>
            <div class="chart-body" role="img" aria-label={describe(points)} />
          </figure>
        ))}
      </div>
    </div>
  );
}
