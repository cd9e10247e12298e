import type { VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { pageTitle } from './state/headline.ts';
import type { Session } from './state/session.ts';
import { type Store, useStore } from './state/store.ts';
import { AttemptsPanel } from './view/attempts-panel.tsx';
import { ConnectionBanner } from './view/connection-banner.tsx';
import { Headline } from './view/headline.tsx';
import { NoticeLine } from './view/notice-line.tsx';
import { PageHeader } from './view/page-header.tsx';
import { ProxyPanel } from './view/proxy-panel.tsx';
import { RequestPanel } from './view/request-panel.tsx';
import { TokenForm } from './view/token-form.tsx';
import { TrafficPanel } from './view/traffic-panel.tsx';

/** The whole page. */
export function App({ store, session }: { store: Store; session: Session }): VNode {
  const state = useStore(store);
  const { connection, status } = state;
  const [isAskingToken, setAskingToken] = useState(false);
  useLayoutEffect(() => {
    document.title = pageTitle(state);
  });
  if (connection.phase === 'refused') return <TokenForm />;
  if (isAskingToken) return <TokenForm onBack={() => setAskingToken(false)} />;
  return (
    <>
      <PageHeader state={state} onAskToken={() => setAskingToken(true)} />
      <ConnectionBanner connection={connection} hasData={status !== undefined} onRetry={() => session.reconnect()} />
      <main class={connection.phase === 'lost' ? 'is-stale' : ''}>
        <Headline status={status} />
        <div class="panels panels-top">
          <TrafficPanel status={status} />
          <AttemptsPanel status={status} />
        </div>
        <div class="panels panels-main">
          <ProxyPanel state={state} store={store} onReset={(id) => void session.resetBreaker(id)} />
          <RequestPanel state={state} store={store} />
        </div>
      </main>
      <NoticeLine notice={state.notice} onClose={() => store.dispatch({ type: 'notice', notice: undefined })} />
    </>
  );
}
