import type { VNode } from 'preact';
import { hrefOf } from '../../state/route.ts';
import { CallLine } from '../requests/call-line.tsx';
import { NoRequests } from '../requests/no-requests.tsx';
import { Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { AttemptsPanel } from './attempts-panel.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { Headline } from './headline.tsx';
import { TrafficPanel } from './traffic-panel.tsx';

const callsShown = 13;

/** How it goes now: the figures of the last minute, what needs a person, and what just happened. */
export function NowView({ state, session }: ViewProps): VNode {
  return (
    <>
      <Headline status={state.status} />
      <div class="panels panels-top">
        <TrafficPanel status={state.status} />
        <AttemptsPanel status={state.status} />
      </div>
      <div class="panels panels-main">
        <AttentionPanel state={state} session={session} />
        <section class="panel newest" aria-labelledby="newest-title">
          <div class="panel-head">
            <h2 id="newest-title">Newest requests</h2>
            <a class="more" href={hrefOf({ view: 'requests' })}>
              All requests
            </a>
          </div>
          <NewestCalls state={state} />
        </section>
      </div>
    </>
  );
}

function NewestCalls({ state: { calls, areCallsLoaded, status } }: Pick<ViewProps, 'state'>): VNode {
  if (!areCallsLoaded) return <Loading what="The requests are" />;
  if (calls.length === 0) return <NoRequests status={status} />;
  return (
    <ol class="calls">
      {calls.slice(0, callsShown).map((call) => (
        <li key={call.id}>
          <CallLine call={call} />
        </li>
      ))}
    </ol>
  );
}
