import type { ProxyRow } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowWindow } from '../../state/row-window.ts';
import { mayWrite, type ProxyDeed, type ReceivedProxy, type Sorting } from '../../state/state.ts';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { useNow } from '../shell/use-now.ts';
import { ProxyTableRow } from './proxy-table-row.tsx';
import type { SteadyOrder } from './use-steady-order.ts';

const columns: readonly { column: Sorting['column']; title: string; kind: string }[] = [
  { column: 'id', title: 'Proxy', kind: 'who' },
  { column: 'condition', title: 'State', kind: 'state' },
  { column: 'score', title: 'Score', kind: 'number' },
  { column: 'success', title: 'Success', kind: 'number' },
  { column: 'latency', title: 'Latency', kind: 'number latency-cell' },
  { column: 'attempts', title: 'Attempts', kind: 'number' },
];

interface Props extends ViewProps {
  readonly steady: SteadyOrder;
  readonly onDeed: (row: ProxyRow, deed: ProxyDeed) => void;
}

/** The table. Only the rows in sight are made; its numbers of rows tell readers of the others. */
export function ProxyTable({ state, session, steady, onDeed }: Props): VNode {
  const { rows } = steady;
  const box = useRef<HTMLDivElement>(null);
  const sight = useSight(box, rows.length);
  const [focused, setFocused] = useState<string>();
  useNow(state.connection.phase === 'live');
  const { first, end, heightPx } = rowWindow({ count: rows.length, ...sight });
  const isWritable = mayWrite(state);
  const show = (proxy: ReceivedProxy, at: number): VNode => (
    <ProxyTableRow
      key={proxy.row.id}
      proxy={proxy}
      place={{ index: at + 2, topPx: at * sight.rowPx }}
      deed={state.deeds.get(proxy.row.id)}
      isWritable={isWritable}
      onDeed={onDeed}
    />
  );
  const made = rows.slice(first, end).map((proxy, at) => show(proxy, first + at));
  // Where the focus is must not vanish when its row is scrolled away: it stays in the same list, or it were made anew.
  const focusedAt = focused === undefined ? -1 : rows.findIndex(({ row }) => row.id === focused);
  const kept = focusedAt < first || focusedAt >= end ? rows[focusedAt] : undefined;
  if (kept !== undefined) made.push(show(kept, focusedAt));
  return (
    <div
      class="proxy-table"
      ref={box}
      role="table"
      aria-label="Proxies"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      tabIndex={0}
      onPointerEnter={steady.hold}
      onPointerLeave={steady.letGo}
      onFocusIn={({ target }) => setFocused((target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset['id'])}
    >
      <ProxyTableHead sorting={state.sorting} onSort={(column) => session.store.dispatch({ type: 'sort', column })} />
      <div role="rowgroup" class="proxy-rows" style={{ height: `${heightPx}px` }}>
        {made}
      </div>
    </div>
  );
}

interface HeadProps {
  readonly sorting: Sorting;
  readonly onSort: (column: Sorting['column']) => void;
}

function ProxyTableHead(props: HeadProps): VNode {
  return (
    <div role="rowgroup" class="proxy-head">
      <div role="row" aria-rowindex={1} class="proxy-grid">
        {columns.map((each) => (
          <HeaderCell key={each.column} {...each} {...props} />
        ))}
        <span role="columnheader" class="deeds">
          <span class="for-readers">Actions</span>
        </span>
      </div>
    </div>
  );
}

interface Sight {
  readonly rowPx: number;
  readonly scrollPx: number;
  readonly sightPx: number;
}

// The phone's rows are cards.
const [rowPx, cardPx, narrowPx] = [53, 132, 760];

function useSight(box: { readonly current: HTMLElement | null }, count: number): Sight {
  const [sight, setSight] = useState<Sight>({ rowPx, scrollPx: 0, sightPx: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = (): void =>
      setSight((before) => {
        const next = {
          rowPx: innerWidth < narrowPx ? cardPx : rowPx,
          scrollPx: element.scrollTop,
          sightPx: element.clientHeight,
        };
        const isSame = next.rowPx === before.rowPx && next.sightPx === before.sightPx;
        // A scroll of less than a row changes nothing: the margin of the window covers it.
        return isSame && Math.abs(next.scrollPx - before.scrollPx) < next.rowPx ? before : next;
      });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [count === 0]);
  return sight;
}

interface HeaderCellProps extends HeadProps {
  readonly column: Sorting['column'];
  readonly title: string;
  readonly kind: string;
}

function HeaderCell({ column, title, kind, sorting, onSort }: HeaderCellProps): VNode {
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" class={kind} aria-sort={sorting.column === column ? direction : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(column)}>
        {title}
      </button>
    </span>
  );
}
