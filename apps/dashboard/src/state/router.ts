import { hrefOf, parseRoute, type Route } from './route.ts';
import type { Store } from './store.ts';

/** Keeps the address of the page and its state the same, and asks before changes that are not saved are left. */
export class Router {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  start(): void {
    addEventListener('hashchange', () => this.#moved());
    addEventListener('beforeunload', (event) => {
      if (this.#store.state.hasUnsavedChanges) event.preventDefault();
    });
    this.#store.dispatch({ type: 'route', route: parseRoute(location.hash) });
  }

  /** Goes on to where the person wanted to go, without the changes. */
  leave(): void {
    const { leavingFor } = this.#store.state;
    this.#store.dispatch({ type: 'unsaved', isUnsaved: false });
    if (leavingFor !== undefined) location.hash = hrefOf(leavingFor);
  }

  stay(): void {
    this.#store.dispatch({ type: 'leaving', route: undefined });
  }

  #moved(): void {
    const { route, hasUnsavedChanges } = this.#store.state;
    const next: Route = parseRoute(location.hash);
    if (hasUnsavedChanges && next.view !== route.view) {
      history.replaceState(null, '', hrefOf(route));
      this.#store.dispatch({ type: 'leaving', route: next });
    } else {
      this.#store.dispatch({ type: 'route', route: next });
      scrollTo(0, 0);
    }
  }
}
