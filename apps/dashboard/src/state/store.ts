import { useEffect, useState } from 'preact/hooks';
import type { Action } from './action.ts';
import { reduce } from './reduce.ts';
import { initialState, type State } from './state.ts';

/** Holds the state and tells readers when it changed, at most once per frame. */
export class Store {
  state: State = initialState;
  readonly #readers = new Set<() => void>();
  #isScheduled = false;

  dispatch(action: Action): void {
    const next = reduce(this.state, action);
    if (next === this.state) return;
    this.state = next;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      for (const reader of this.#readers) reader();
    });
  }

  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }
}

/** The state, and a new rendering whenever it changes. */
export function useStore(store: Store): State {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, [store]);
  return state;
}
