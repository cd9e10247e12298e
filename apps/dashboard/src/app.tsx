import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { pageTitle } from './state/headline.ts';
import { views } from './state/route.ts';
import type { Router } from './state/router.ts';
import type { Session } from './state/session.ts';
import type { State } from './state/state.ts';
import { type Store, useStore } from './state/store.ts';
import { NowView } from './view/now/now-view.tsx';
import { ProxiesView } from './view/proxies/proxies-view.tsx';
import { RequestsView } from './view/requests/requests-view.tsx';
import { ConfirmDialog } from './view/shell/confirm-dialog.tsx';
import { ConnectionBanner } from './view/shell/connection-banner.tsx';
import { LazyView } from './view/shell/lazy-view.tsx';
import { NoticeLine } from './view/shell/notice-line.tsx';
import { PageHeader } from './view/shell/page-header.tsx';
import { TokenForm } from './view/shell/token-form.tsx';

interface Props {
  readonly store: Store;
  readonly session: Session;
  readonly router: Router;
}

/** The whole page. */
export function App({ store, session, router }: Props): VNode {
  const state = useStore(store);
  const { connection, status, route } = state;
  const [isAskingToken, setAskingToken] = useState(false);
  useLayoutEffect(() => {
    document.title = pageTitle(state);
  });
  if (connection.phase === 'refused') return <TokenForm />;
  if (isAskingToken) return <TokenForm onBack={() => setAskingToken(false)} />;
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <PageHeader state={state} onAskToken={() => setAskingToken(true)} />
      <ConnectionBanner connection={connection} hasData={status !== undefined} onRetry={() => session.reconnect()} />
      <Main key={route.view} state={state}>
        <View state={state} session={session} />
      </Main>
      <NoticeLine notice={state.notice} onClose={() => session.tell(undefined)} />
      {state.leavingFor !== undefined && (
        <ConfirmDialog
          title="Leave without saving?"
          go="Leave without saving"
          stay="Stay"
          onGo={() => router.leave()}
          onStay={() => router.stay()}
        >
          The policy has changes that are not saved. They will be lost.
        </ConfirmDialog>
      )}
    </>
  );
}

/** The fragment is the view's: the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.querySelector('main')?.focus();
}

const titles = new Map(views.map(({ view, title }) => [view, title]));

function Main({ state: { connection, route }, children }: { state: State; children: VNode }): VNode {
  const main = useRef<HTMLElement>(null);
  // Whoever followed a link of the navigation is where it led.
  useEffect(() => {
    if (document.activeElement?.closest('.nav') !== null) main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main
      id="main"
      ref={main}
      tabIndex={-1}
      class={`view-${route.view} ${connection.phase === 'lost' ? 'is-stale' : ''}`}
    >
      <h1 class="for-readers">{titles.get(route.view)}</h1>
      {children}
    </main>
  );
}

const historyView = () => import('./view/history/history-view.tsx').then(({ HistoryView }) => HistoryView);
const policyView = () => import('./view/policy/policy-view.tsx').then(({ PolicyView }) => PolicyView);

function View({ state, session }: { state: State; session: Session }): VNode {
  switch (state.route.view) {
    case 'now':
      return <NowView state={state} session={session} />;
    case 'proxies':
      return <ProxiesView state={state} session={session} />;
    case 'requests':
      return <RequestsView state={state} session={session} />;
    case 'history':
      return <LazyView load={historyView} state={state} session={session} />;
    case 'policy':
      return <LazyView load={policyView} state={state} session={session} />;
  }
}
