import type { Call, ConfigJson, PolicyJson, ProxyRow, Status } from '@mulligan/proxy';
import type { Route } from './route.ts';

/** What the page knows of its connection to the server. */
export type Connection =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  | { readonly phase: 'lost'; readonly since: number; readonly retryAt: number }
  | { readonly phase: 'refused' };

/** Which requests the list shows. */
export type CallFilter = 'all' | 'success' | 'retried' | 'failure' | 'cancelled';

/** Which column the proxies are sorted by, and in which direction; `pool` is the order in which they were added. */
export interface Sorting {
  readonly column: 'pool' | 'id' | 'condition' | 'score' | 'success' | 'latency' | 'attempts';
  readonly descending: boolean;
}

/** Which proxies the table shows. */
export interface ProxyFilter {
  readonly condition: ProxyRow['condition'] | 'all';
  /** What is looked for in names, addresses, regions and tags. */
  readonly text: string;
}

/** A sentence about something that the person did, and how to take it back where that can be done. */
export interface Notice {
  readonly kind: 'done' | 'failed';
  readonly text: string;
  readonly undo?: () => void;
}

/** What can be done with a proxy. */
export type ProxyDeed = 'check' | 'pause' | 'resume' | 'reset' | 'remove';

/** The settings, as the server has them. */
export interface Settings {
  readonly policy: PolicyJson;
  readonly config: ConfigJson;
}

/** Everything that the page shows. */
export interface State {
  readonly route: Route;
  /** Where the person wants to go, away from changes that are not saved. */
  readonly leavingFor: Route | undefined;
  readonly hasUnsavedChanges: boolean;
  readonly connection: Connection;
  /** Whether changes can be made: the page has a token, or the server asks for none. */
  readonly hasToken: boolean;
  readonly status: Status | undefined;
  readonly proxies: ReadonlyMap<string, ReceivedProxy>;
  readonly areProxiesLoaded: boolean;
  readonly sorting: Sorting;
  readonly proxyFilter: ProxyFilter;
  /** Newest first. */
  readonly calls: readonly Call[];
  readonly areCallsLoaded: boolean;
  /** Calls that came while the list was held still, newest first. */
  readonly heldCalls: readonly Call[];
  readonly isHeld: boolean;
  readonly filter: CallFilter;
  /** What is being done, by the ids of the proxies. */
  readonly deeds: ReadonlyMap<string, ProxyDeed>;
  readonly settings: Settings | undefined;
  readonly notice: Notice | undefined;
}

/** A proxy and when the page heard of it, in milliseconds of the page's own clock: waits are counted down from there. */
export interface ReceivedProxy {
  readonly row: ProxyRow;
  readonly at: number;
}

export const initialState: State = {
  route: { view: 'now' },
  leavingFor: undefined,
  hasUnsavedChanges: false,
  connection: { phase: 'connecting' },
  hasToken: false,
  status: undefined,
  proxies: new Map(),
  areProxiesLoaded: false,
  sorting: { column: 'pool', descending: false },
  proxyFilter: { condition: 'all', text: '' },
  calls: [],
  areCallsLoaded: false,
  heldCalls: [],
  isHeld: false,
  filter: 'all',
  deeds: new Map(),
  settings: undefined,
  notice: undefined,
};

/** Whether the page may change something now. */
export function mayWrite({ connection, hasToken, status }: State): boolean {
  return connection.phase === 'live' && (hasToken || status?.writes_need_token === false);
}
