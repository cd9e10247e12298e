import type { Call, ProxyRow, Status } from '@mulligan/proxy';

/** What the page knows of its connection to the server. */
export type Connection =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  | { readonly phase: 'lost'; readonly since: number; readonly retryAt: number }
  | { readonly phase: 'refused' };

/** Which requests the list shows. */
export type CallFilter = 'all' | 'retried' | 'failed';

/** Which column the proxies are sorted by, and in which direction; `pool` is the order in which they were added. */
export interface Sorting {
  readonly column: 'pool' | 'id' | 'condition' | 'score' | 'success' | 'latency' | 'attempts';
  readonly descending: boolean;
}

/** A sentence about something that the person did. */
export interface Notice {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

/** Everything that the page shows. */
export interface State {
  readonly connection: Connection;
  /** Whether changes can be made: the page has a token, or the server asks for none. */
  readonly hasToken: boolean;
  readonly status: Status | undefined;
  /** When {@link State.status} and the rows came, on the page's own clock: waits are counted down from there. */
  readonly proxies: ReadonlyMap<string, ReceivedProxy>;
  readonly areProxiesLoaded: boolean;
  readonly sorting: Sorting;
  /** Newest first. */
  readonly calls: readonly Call[];
  readonly areCallsLoaded: boolean;
  /** Calls that came while the list was held still, newest first. */
  readonly heldCalls: readonly Call[];
  readonly isHeld: boolean;
  readonly filter: CallFilter;
  readonly busyBreakers: ReadonlySet<string>;
  readonly notice: Notice | undefined;
}

/** A proxy and when the page heard of it, in milliseconds of the page's own clock. */
export interface ReceivedProxy {
  readonly row: ProxyRow;
  readonly at: number;
}

export const initialState: State = {
  connection: { phase: 'connecting' },
  hasToken: false,
  status: undefined,
  proxies: new Map(),
  areProxiesLoaded: false,
  sorting: { column: 'pool', descending: false },
  calls: [],
  areCallsLoaded: false,
  heldCalls: [],
  isHeld: false,
  filter: 'all',
  busyBreakers: new Set(),
  notice: undefined,
};
