import type { ProxyRow } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { formatCount } from '../../format/number.ts';
import { doWithProxy } from '../../state/proxy-deeds.ts';
import { conditions, countConditions, filterProxies, sortProxies } from '../../state/proxy-order.ts';
import { mayWrite, type ProxyDeed, type State } from '../../state/state.ts';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { Empty, Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { AddProxyDialog } from './add-proxy-dialog.tsx';
import { conditionWords } from './condition.tsx';
import { ProxyTable } from './proxy-table.tsx';
import { useSteadyOrder } from './use-steady-order.ts';

/** Every proxy: how it does, and what can be done with it. */
export function ProxiesView({ state, session }: ViewProps): VNode {
  const { proxies, proxyFilter, sorting } = state;
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<ProxyRow>();
  const sorted = useMemo(
    () => sortProxies(filterProxies(proxies.values(), proxyFilter), sorting),
    [proxies, proxyFilter, sorting],
  );
  const steady = useSteadyOrder(sorted, sorting);
  const act = (row: ProxyRow, deed: ProxyDeed): void => {
    if (deed === 'remove') setLeaving(row);
    else void doWithProxy(session, row.id, deed);
  };
  return (
    <section class="panel proxies" aria-labelledby="proxies-title">
      <ProxyToolbar state={state} session={session} found={sorted.length} onAdd={() => setAdding(true)} />
      <ProxyTable state={state} session={session} steady={steady} onDeed={act} />
      {sorted.length === 0 && <NoProxies state={state} session={session} />}
      {isAdding && <AddProxyDialog session={session} onClose={() => setAdding(false)} />}
      {leaving !== undefined && (
        <ConfirmDialog
          title={`Remove ${leaving.id}?`}
          go="Remove"
          onGo={() => {
            setLeaving(undefined);
            void doWithProxy(session, leaving.id, 'remove');
          }}
          onStay={() => setLeaving(undefined)}
        >
          Requests that use it now run to their end; its figures are lost.{' '}
          {leaving.has_credentials
            ? 'Its credentials are known to the gateway alone: to have it back, they must be entered again.'
            : 'It can be added back right afterwards.'}
        </ConfirmDialog>
      )}
    </section>
  );
}

interface ToolbarProps extends ViewProps {
  readonly found: number;
  readonly onAdd: () => void;
}

function ProxyToolbar({ state, session, found, onAdd }: ToolbarProps): VNode {
  const { proxyFilter, proxies } = state;
  const counts = useMemo(() => countConditions(proxies.values()), [proxies]);
  const choose = (condition: ProxyRow['condition'] | 'all'): void =>
    session.store.dispatch({ type: 'proxies.filter', filter: { condition } });
  const isAll = proxyFilter.condition === 'all' && proxyFilter.text === '';
  return (
    <div class="panel-head toolbar">
      <h2 id="proxies-title">Proxies</h2>
      <p class="muted" role="status">
        {isAll ? formatCount(proxies.size) : `${formatCount(found)} of ${formatCount(proxies.size)}`}
      </p>
      <div class="choice" role="group" aria-label="Which proxies">
        <ConditionChoice title="All" isChosen={proxyFilter.condition === 'all'} onChoose={() => choose('all')} />
        {conditions
          .filter((condition) => counts.has(condition) || proxyFilter.condition === condition)
          .map((condition) => (
            <ConditionChoice
              key={condition}
              title={conditionWords[condition]}
              count={counts.get(condition) ?? 0}
              isChosen={proxyFilter.condition === condition}
              onChoose={() => choose(condition)}
            />
          ))}
      </div>
      <input
        type="search"
        placeholder="Name, region, tag"
        aria-label="Search proxies"
        value={proxyFilter.text}
        onInput={({ currentTarget: { value } }) =>
          session.store.dispatch({ type: 'proxies.filter', filter: { text: value } })
        }
      />
      <button type="button" class="primary" disabled={!mayWrite(state)} onClick={onAdd}>
        Add proxy
      </button>
    </div>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly count?: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function ConditionChoice({ title, count, isChosen, onChoose }: ChoiceProps): VNode {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onChoose}>
      {title} {count !== undefined && <span class="count">{formatCount(count)}</span>}
    </button>
  );
}

function NoProxies({ state, session }: ViewProps): VNode {
  if (!state.areProxiesLoaded) return <Loading what="The proxies are" rows={8} />;
  if (state.proxies.size > 0)
    return (
      <Empty title="No proxy is like this">
        <button
          type="button"
          onClick={() => session.store.dispatch({ type: 'proxies.filter', filter: { condition: 'all', text: '' } })}
        >
          Show all
        </button>
      </Empty>
    );
  return <EmptyPool status={state.status} />;
}

function EmptyPool({ status }: Pick<State, 'status'>): VNode {
  if (status?.direct === true)
    return (
      <Empty title="No proxies in use">
        <p>Requests go straight to their targets.</p>
      </Empty>
    );
  return (
    <Empty title="No proxies yet">
      <p>Add one here, or start mulligan with --proxy or --proxies and a list.</p>
    </Empty>
  );
}
