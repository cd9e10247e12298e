import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../state/session.ts';
import type { State } from '../../state/state.ts';
import { Failed, Loading } from './empty.tsx';

/** What every view is given. */
export interface ViewProps {
  readonly state: State;
  readonly session: Session;
}

interface Props extends ViewProps {
  readonly load: () => Promise<ComponentType<ViewProps>>;
}

/** A view whose code is fetched when it is first needed. */
export function LazyView({ load, state, session }: Props): VNode {
  const [view, setView] = useState<{ Component?: ComponentType<ViewProps>; hasFailed?: true }>({});
  useEffect(() => {
    if (view.Component !== undefined || view.hasFailed === true) return;
    load().then(
      (Component) => setView({ Component }),
      () => setView({ hasFailed: true }),
    );
  });
  const { Component, hasFailed } = view;
  if (Component !== undefined) return <Component state={state} session={session} />;
  if (hasFailed === true)
    return (
      <section class="panel">
        <Failed what="This view could not be loaded" why="The server cannot be reached." onRetry={() => setView({})} />
      </section>
    );
  return (
    <section class="panel">
      <Loading what="The parts of this view are" />
    </section>
  );
}
