import type { BreakerEventJson, HistoryPoint } from '@mulligan/proxy';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { historySeries } from '../../state/history-series.ts';
import { chartPlans, type ChartRoom, type TimePart } from './chart-plans.ts';

/** What the charts show. */
export interface ChartedHistory {
  readonly points: readonly HistoryPoint[];
  readonly events: readonly BreakerEventJson[];
  readonly isOneProxy: boolean;
}

interface Zoom {
  readonly isZoomed: boolean;
  readonly zoomOut: () => void;
}

/** Draws the charts into the figures of a box, and keeps what is looked at closer while new figures come. */
export function useCharts(box: { readonly current: HTMLElement | null }, shown: ChartedHistory): Zoom {
  const { points, events, isOneProxy } = shown;
  const charts = useRef<readonly uPlot[]>([]);
  const part = useRef<TimePart | undefined>(undefined);
  const [isZoomed, setZoomed] = useState(false);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const onZoom = (chosen: TimePart): void => {
      part.current = chosen;
      setZoomed(true);
    };
    charts.current = drawCharts(element, shown, onZoom);
    if (part.current !== undefined) for (const chart of charts.current) chart.setScale('x', part.current);
    const observer = new ResizeObserver(() => {
      for (const chart of charts.current) chart.setSize({ width: element.clientWidth, height: chart.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      for (const chart of charts.current) chart.destroy();
    };
  }, [points, events, isOneProxy, isDark]);
  const zoomOut = (): void => {
    part.current = undefined;
    for (const chart of charts.current) chart.setData(chart.data, true);
    setZoomed(false);
  };
  return { isZoomed, zoomOut };
}

function drawCharts(box: HTMLElement, shown: ChartedHistory, onZoom: ChartRoom['onZoom']): readonly uPlot[] {
  const series = historySeries(shown.points);
  const opened = shown.events
    .filter(({ to_state: state }) => state === 'open')
    .map(({ timestamp }) => Date.parse(timestamp) / 1000);
  const room: ChartRoom = { width: box.clientWidth, ink: (name) => colourOf(box, name), opened, onZoom };
  return chartPlans(shown.isOneProxy).map((plan, at) => {
    const target = box.children[at]?.querySelector<HTMLElement>('.chart-body') ?? box;
    return new uPlot(plan.options(room), plan.data(series) as uPlot.AlignedData, target);
  });
}

/** What is drawn on a canvas has the colours of the page, too. One of two schemes is resolved only where it is used. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function useMedia(query: string): boolean {
  const [isMatching, setMatching] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setMatching(list.matches);
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, [query]);
  return isMatching;
}
