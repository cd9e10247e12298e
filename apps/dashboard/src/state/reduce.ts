import type { Call, ProxyRow } from '@mulligan/proxy';
import type { Action } from './action.ts';
import type { ReceivedProxy, Sorting, State } from './state.ts';

/** How many requests the page keeps. */
export const callsKept = 100;

/** The next state; the same object where nothing changes. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connection':
      return { ...state, connection: action.connection };
    case 'token':
      return { ...state, hasToken: action.hasToken };
    case 'status':
      return { ...state, status: action.status };
    case 'proxies.loaded':
    case 'proxies.changed':
    case 'proxy.removed':
      return reduceProxies(state, action);
    case 'calls.loaded':
    case 'calls.came':
    case 'calls.held':
      return reduceCalls(state, action);
    case 'filter':
      return { ...state, filter: action.filter };
    case 'sort':
      return { ...state, sorting: nextSorting(state.sorting, action.column) };
    case 'breaker.busy':
      return { ...state, busyBreakers: withMember(state.busyBreakers, action.id, action.isBusy) };
    case 'notice':
      return { ...state, notice: action.notice };
  }
}

type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

function reduceProxies(state: State, action: ActionOf<'proxies.loaded' | 'proxies.changed' | 'proxy.removed'>): State {
  if (action.type === 'proxy.removed') {
    const proxies = new Map(state.proxies);
    return proxies.delete(action.id) ? { ...state, proxies } : state;
  }
  const received = action.rows.map((row): [string, ReceivedProxy] => [row.id, { row, at: action.at }]);
  if (action.type === 'proxies.loaded') return { ...state, proxies: new Map(received), areProxiesLoaded: true };
  return { ...state, proxies: new Map([...state.proxies, ...received]) };
}

function reduceCalls(state: State, action: ActionOf<'calls.loaded' | 'calls.came' | 'calls.held'>): State {
  if (action.type === 'calls.loaded') {
    const newer = state.calls.filter((call) => call.timestamp > (action.calls[0]?.timestamp ?? ''));
    return { ...state, calls: newest(newer, action.calls), heldCalls: [], areCallsLoaded: true };
  }
  if (action.type === 'calls.came') {
    const field = state.isHeld ? 'heldCalls' : 'calls';
    return { ...state, [field]: newest(action.calls, state[field]) };
  }
  if (action.isHeld) return { ...state, isHeld: true };
  return { ...state, isHeld: false, calls: newest(state.heldCalls, state.calls), heldCalls: [] };
}

/** Resuming a stream may bring a call that a list already brought. */
function newest(came: readonly Call[], known: readonly Call[]): readonly Call[] {
  const ids = new Set(came.map(({ id }) => id));
  return [...came, ...known.filter(({ id }) => !ids.has(id))].slice(0, callsKept);
}

/** Names read best from A, figures from the largest. */
function nextSorting({ column, descending }: Sorting, chosen: Sorting['column']): Sorting {
  if (chosen === column) return { column, descending: !descending };
  return { column: chosen, descending: !['id', 'condition', 'latency'].includes(chosen) };
}

function withMember(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  const changed = new Set(set);
  if (isIn) changed.add(member);
  else changed.delete(member);
  return changed;
}

// What needs a person first.
const order: readonly ProxyRow['condition'][] = ['down', 'recovering', 'degraded', 'healthy', 'untested', 'paused'];

const keys: Record<Sorting['column'], (row: ProxyRow) => number | string> = {
  pool: () => 0,
  id: ({ id }) => id,
  condition: ({ condition }) => order.indexOf(condition),
  score: ({ score }) => score,
  success: (row) => row.success_rate ?? -1,
  latency: (row) => row.avg_latency ?? Number.POSITIVE_INFINITY,
  attempts: (row) => row.total_attempts,
};

/** Proxies in the order of these ids; those that are not among them come last. */
export function inOrderOf(ids: readonly string[], proxies: readonly ReceivedProxy[]): ReceivedProxy[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = ({ row }: ReceivedProxy): number => places.get(row.id) ?? ids.length;
  return proxies.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** The proxies in the chosen order; equal ones stay in the order of the pool. */
export function sortProxies(proxies: Iterable<ReceivedProxy>, { column, descending }: Sorting): ReceivedProxy[] {
  const key = keys[column];
  const direction = descending ? -1 : 1;
  return [...proxies].sort((a, b) => direction * compare(key(a.row), key(b.row)));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string')
    return String(a).localeCompare(String(b), 'en', { numeric: true });
  return a === b ? 0 : a - b;
}
