import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CallFilter, State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { CallDetail } from './call-detail.tsx';
import { CallList } from './call-list.tsx';

const filters: readonly { filter: CallFilter; title: string }[] = [
  { filter: 'all', title: 'All' },
  { filter: 'success', title: 'Succeeded' },
  { filter: 'retried', title: 'Retried' },
  { filter: 'failure', title: 'Failed' },
  { filter: 'cancelled', title: 'Cancelled' },
];

/** The newest requests, and one of them with all of its attempts. */
export function RequestsView({ state, session }: ViewProps): VNode {
  const id = state.route.view === 'requests' ? state.route.id : undefined;
  // What is being read must not move.
  useEffect(() => {
    if (id !== undefined) session.store.dispatch({ type: 'calls.held', isHeld: true });
  }, [id]);
  return (
    <div class={id === undefined ? 'split' : 'split has-detail'}>
      <section class="panel split-list" aria-labelledby="requests-title">
        <div class="panel-head">
          <h2 id="requests-title">Requests</h2>
          <FilterChoice state={state} store={session.store} />
          <HoldButton state={state} store={session.store} />
        </div>
        <CallList state={state} openId={id} />
      </section>
      <section class="panel split-detail" aria-label="One request">
        <CallDetail key={id} id={id} state={state} session={session} />
      </section>
    </div>
  );
}

function FilterChoice({ state, store }: { state: State; store: Store }): VNode {
  return (
    <div class="choice" role="group" aria-label="Which requests">
      {filters.map(({ filter, title }) => (
        <button
          type="button"
          key={filter}
          aria-pressed={state.filter === filter}
          onClick={() => store.dispatch({ type: 'filter', filter })}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function HoldButton({ state: { isHeld, heldCalls }, store }: { state: State; store: Store }): VNode {
  const newer = heldCalls.length === 0 ? '' : ` · ${heldCalls.length} newer`;
  return (
    <button
      type="button"
      class="quiet hold"
      aria-pressed={isHeld}
      onClick={() => store.dispatch({ type: 'calls.held', isHeld: !isHeld })}
    >
      {isHeld ? `Resume${newer}` : 'Hold'}
    </button>
  );
}
