import type { VNode } from 'preact';
import { formatCount } from '../format/number.ts';
import { sortProxies } from '../state/reduce.ts';
import type { Sorting, State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { ProxyRowView } from './proxy-row.tsx';
import { useNow } from './use-now.ts';
import { useSteadyOrder } from './use-steady-order.ts';

const columns: readonly { column: Sorting['column']; title: string; isNumber: boolean }[] = [
  { column: 'id', title: 'Proxy', isNumber: false },
  { column: 'condition', title: 'State', isNumber: false },
  { column: 'score', title: 'Score', isNumber: true },
  { column: 'success', title: 'Success', isNumber: true },
  { column: 'latency', title: 'Latency', isNumber: true },
  { column: 'attempts', title: 'Attempts', isNumber: true },
];

// More rows than this are of no use to an eye, and slow.
const rowsShown = 200;

interface Props {
  readonly state: State;
  readonly store: Store;
  readonly onReset: (id: string) => void;
}

/** Every proxy, its breaker and how it does. */
export function ProxyPanel({ state, store, onReset }: Props): VNode {
  const { sorting, proxies, status, hasToken, connection } = state;
  const isLive = connection.phase === 'live';
  useNow(isLive);
  const steady = useSteadyOrder(sortProxies(proxies.values(), sorting), sorting);
  const { rows } = steady;
  const mayWrite = isLive && (hasToken || status?.writes_need_token === false);
  return (
    <section class="panel proxies" aria-labelledby="proxies-title">
      <div class="panel-head">
        <h2 id="proxies-title">Proxies</h2>
        <p class="muted">
          {rows.length > rowsShown ? `the first ${rowsShown} of ${formatCount(rows.length)}` : rows.length || ''}
        </p>
      </div>
      {rows.length === 0 ? (
        <p class="empty">{emptyNote(state)}</p>
      ) : (
        <table role="table" onPointerEnter={steady.hold} onPointerLeave={steady.letGo}>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((each) => (
                <HeaderCell
                  key={each.column}
                  {...each}
                  sorting={sorting}
                  onSort={(column) => store.dispatch({ type: 'sort', column })}
                />
              ))}
              <th role="columnheader">
                <span class="for-readers">Action</span>
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.slice(0, rowsShown).map((proxy) => (
              <ProxyRowView
                key={proxy.row.id}
                proxy={proxy}
                isBusy={state.busyBreakers.has(proxy.row.id)}
                mayWrite={mayWrite}
                onReset={onReset}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function emptyNote({ areProxiesLoaded, status }: State): string {
  if (!areProxiesLoaded) return 'Loading…';
  if (status?.direct === true) return 'None: requests go straight to their targets.';
  return 'None yet. Start mulligan with --proxy, or add one through the API.';
}

interface HeaderCellProps {
  readonly column: Sorting['column'];
  readonly title: string;
  readonly isNumber: boolean;
  readonly sorting: Sorting;
  readonly onSort: (column: Sorting['column']) => void;
}

function HeaderCell({ column, title, isNumber, sorting, onSort }: HeaderCellProps): VNode {
  const isSorted = sorting.column === column;
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <th role="columnheader" class={isNumber ? 'number' : ''} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(column)}>
        {title}
      </button>
    </th>
  );
}
