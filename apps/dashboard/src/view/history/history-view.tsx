import 'uplot/dist/uPlot.min.css';
import './history.css';
import type { BreakerEventJson, HistoryPoint, ProxyStatsJson } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { csvOf, eventColumns, pointColumns } from '../../state/history-series.ts';
import { hrefOf } from '../../state/route.ts';
import { Empty, Failed, Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { useLoaded } from '../shell/use-loaded.ts';
import { BreakerEvents } from './breaker-events.tsx';
import { HistoryCharts } from './history-charts.tsx';
import { HistoryTable } from './history-table.tsx';
import { ProxyShares } from './proxy-shares.tsx';
import { saveFile } from './save-file.ts';

interface History {
  readonly points: readonly HistoryPoint[];
  readonly byProxy: readonly ProxyStatsJson[];
  readonly events: readonly BreakerEventJson[];
}

const refreshMs = 60_000;

/** The last 24 hours. */
export function HistoryView({ state, session }: ViewProps): VNode {
  const proxy = state.route.view === 'history' ? state.route.proxy : undefined;
  const { loaded, again } = useLoaded(proxy ?? '', async (): Promise<History> => {
    const [points, byProxy, events] = await Promise.all([
      session.api.history(proxy),
      session.api.historyByProxy(),
      session.api.breakerEvents(),
    ]);
    const isShown = ({ proxy_id: id }: BreakerEventJson): boolean => proxy === undefined || id === proxy;
    return { points, byProxy, events: events.filter(isShown) };
  });
  useEffect(() => {
    const timer = setInterval(again, refreshMs);
    return () => clearInterval(timer);
  }, [proxy]);
  if (loaded.phase === 'loading')
    return (
      <section class="panel">
        <Loading what="The hours are" rows={10} />
      </section>
    );
  if (loaded.phase === 'failed')
    return (
      <section class="panel">
        <Failed what="The history could not be read" why={loaded.why} onRetry={again} />
      </section>
    );
  return <Day history={loaded.value} proxy={proxy} />;
}

function Day({ history, proxy }: { history: History; proxy: string | undefined }): VNode {
  const [isTable, setTable] = useState(false);
  const { points, byProxy, events } = history;
  return (
    <>
      <section class="panel history" aria-labelledby="history-title">
        <div class="panel-head toolbar">
          <h2 id="history-title">Last 24 hours</h2>
          <ProxyChoice proxies={byProxy} proxy={proxy} />
          <div class="choice" role="group" aria-label="How it is shown">
            <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
              Charts
            </button>
            <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
              Table
            </button>
          </div>
          <Exports history={history} proxy={proxy} />
        </div>
        {points.length === 0 ? (
          <Empty title="Nothing happened yet">
            <p>{proxy === undefined ? 'No request has ended' : 'This proxy was not used'} within the last 24 hours.</p>
          </Empty>
        ) : isTable ? (
          <HistoryTable points={points} />
        ) : (
          <HistoryCharts points={points} events={events} isOneProxy={proxy !== undefined} />
        )}
      </section>
      <div class="panels panels-even">
        <ProxyShares proxies={byProxy} chosen={proxy} />
        <BreakerEvents events={events} />
      </div>
    </>
  );
}

function ProxyChoice({ proxies, proxy }: { proxies: readonly ProxyStatsJson[]; proxy: string | undefined }): VNode {
  const ids = new Set(proxies.map(({ proxy_id: id }) => id));
  if (proxy !== undefined) ids.add(proxy);
  const go = (id: string): void => {
    location.hash = hrefOf(id === '' ? { view: 'history' } : { view: 'history', proxy: id });
  };
  return (
    <select aria-label="Which proxy" value={proxy ?? ''} onChange={({ currentTarget: { value } }) => go(value)}>
      <option value="">All proxies</option>
      {[...ids].sort().map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}

function Exports({ history: { points, events }, proxy }: { history: History; proxy: string | undefined }): VNode {
  const name = (what: string): string => `mulligan-${what}${proxy === undefined ? '' : `-${proxy}`}.csv`;
  return (
    <div class="exports">
      <button
        type="button"
        disabled={points.length === 0}
        onClick={() => saveFile(name('history'), csvOf(points, pointColumns))}
      >
        Export CSV
      </button>
      <button
        type="button"
        disabled={events.length === 0}
        onClick={() => saveFile(name('breaker-events'), csvOf(events, eventColumns))}
      >
        Export breaker events
      </button>
    </div>
  );
}
