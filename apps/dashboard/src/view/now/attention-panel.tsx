import type { VNode } from 'preact';
import { formatCount } from '../../format/number.ts';
import { breakerNote } from '../../state/countdown.ts';
import { doWithProxy } from '../../state/proxy-deeds.ts';
import { sortProxies } from '../../state/proxy-order.ts';
import { hrefOf } from '../../state/route.ts';
import { mayWrite, type ReceivedProxy, type State } from '../../state/state.ts';
import { ConditionMark } from '../proxies/condition.tsx';
import { Empty, Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { useNow } from '../shell/use-now.ts';

const shown = 6;

const isTroubled = ({ row }: ReceivedProxy): boolean => ['down', 'recovering', 'degraded'].includes(row.condition);

/** The proxies that do not do well: what a person may want to do something about. */
export function AttentionPanel({ state, session }: ViewProps): VNode {
  useNow(state.connection.phase === 'live');
  const troubled = sortProxies([...state.proxies.values()].filter(isTroubled), {
    column: 'condition',
    descending: false,
  });
  return (
    <section class="panel" aria-labelledby="attention-title">
      <div class="panel-head">
        <h2 id="attention-title">Needs attention</h2>
        {troubled.length > shown && (
          <span class="muted">
            {shown} of {formatCount(troubled.length)}
          </span>
        )}
        <a class="more" href={hrefOf({ view: 'proxies' })}>
          All proxies
        </a>
      </div>
      {troubled.length === 0 ? (
        <AllWell state={state} />
      ) : (
        <ul class="attention">
          {troubled.slice(0, shown).map((proxy) => (
            <TroubledProxy key={proxy.row.id} proxy={proxy} state={state} session={session} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TroubledProxy({ proxy, state, session }: ViewProps & { proxy: ReceivedProxy }): VNode {
  const { id, condition, circuit_breaker: breaker, last_failure: failure } = proxy.row;
  const note = breakerNote(proxy, performance.now());
  return (
    <li>
      <span class="attention-who">
        <span class="id">{id}</span>
        <span class="sub">{failure ?? ''}</span>
      </span>
      <span class="attention-state">
        <ConditionMark condition={condition} />
        <span class="sub">{note}</span>
      </span>
      {breaker.state !== 'closed' && (
        <button
          type="button"
          disabled={!mayWrite(state) || state.deeds.has(id)}
          aria-label={`Reset the breaker of ${id}`}
          onClick={() => void doWithProxy(session, id, 'reset')}
        >
          Reset
        </button>
      )}
    </li>
  );
}

function AllWell({ state }: { state: State }): VNode {
  if (!state.areProxiesLoaded) return <Loading what="The proxies are" rows={4} />;
  if (state.status?.direct === true)
    return (
      <Empty title="No proxies in use">
        <p>Requests go straight to their targets.</p>
      </Empty>
    );
  if (state.proxies.size === 0)
    return (
      <Empty title="No proxies yet">
        <p>
          Requests need at least one: <a href={hrefOf({ view: 'proxies' })}>add a proxy</a>.
        </p>
      </Empty>
    );
  return (
    <Empty title="All is well">
      <p>No breaker is open, and no proxy fails more than it should.</p>
    </Empty>
  );
}
