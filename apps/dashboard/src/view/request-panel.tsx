import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import type { CallFilter, State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { RequestRow } from './request-row.tsx';

const filters: readonly { filter: CallFilter; title: string }[] = [
  { filter: 'all', title: 'All' },
  { filter: 'retried', title: 'Retried' },
  { filter: 'failed', title: 'Failed' },
];

const isShown: Record<CallFilter, (call: Call) => boolean> = {
  all: () => true,
  retried: ({ attempts }) => attempts.length > 1,
  failed: ({ outcome }) => outcome === 'failure',
};

/** The newest requests with their attempts. */
export function RequestPanel({ state, store }: { state: State; store: Store }): VNode {
  const calls = state.calls.filter(isShown[state.filter]).slice(0, 50);
  return (
    <section class="panel requests" aria-labelledby="requests-title">
      <div class="panel-head">
        <h2 id="requests-title">Requests</h2>
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
        <HoldButton state={state} store={store} />
      </div>
      {calls.length === 0 ? <NoRequests state={state} /> : <RequestList calls={calls} store={store} />}
    </section>
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

function RequestList({ calls, store }: { calls: readonly Call[]; store: Store }): VNode {
  return (
    <ol>
      {calls.map((call) => (
        <RequestRow key={call.id} call={call} onOpen={() => store.dispatch({ type: 'calls.held', isHeld: true })} />
      ))}
    </ol>
  );
}

function NoRequests({ state: { areCallsLoaded, filter, status } }: { state: State }): VNode {
  if (!areCallsLoaded) return <p class="empty">Loading…</p>;
  if (filter !== 'all') return <p class="empty">None of the newest requests.</p>;
  const target = status?.demo?.http ?? 'http://example.com/';
  return (
    <div class="empty">
      <p>No requests yet. Send one through the gateway:</p>
      <pre>
        <code>{`curl -x ${status?.addresses.gateway ?? ''} ${target}`}</code>
      </pre>
    </div>
  );
}
