import type { Call } from '@mulligan/proxy';
import type { Action } from './action.ts';
import { nextSorting } from './proxy-order.ts';
import type { ReceivedProxy, Settings, State } from './state.ts';

/** How many requests the page keeps: as many as the server. */
export const callsKept = 500;

/** The next state; the same object where nothing changes. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'route':
      return { ...state, route: action.route, leavingFor: undefined };
    case 'leaving':
      return { ...state, leavingFor: action.route };
    case 'unsaved':
      return { ...state, hasUnsavedChanges: action.isUnsaved };
    case 'proxies.loaded':
    case 'proxies.changed':
    case 'proxy.removed':
      return reduceProxies(state, action);
    case 'calls.loaded':
    case 'calls.came':
    case 'calls.held':
      return reduceCalls(state, action);
    case 'sort':
      return { ...state, sorting: nextSorting(state.sorting, action.column) };
    case 'proxies.filter':
      return { ...state, proxyFilter: { ...state.proxyFilter, ...action.filter } };
    case 'deed':
      return { ...state, deeds: withDeed(state.deeds, action) };
    case 'settings':
      return { ...state, settings: withSettings(state.settings, action.settings) };
    default: {
      const { type: _, ...fields } = action;
      return { ...state, ...fields };
    }
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

function withDeed(deeds: State['deeds'], { id, deed }: ActionOf<'deed'>): State['deeds'] {
  const changed = new Map(deeds);
  if (deed === undefined) changed.delete(id);
  else changed.set(id, deed);
  return changed;
}

/** One half alone, as an event brings it, is of no use before both were read. */
function withSettings(known: Settings | undefined, { policy, config }: Partial<Settings>): Settings | undefined {
  const next = { policy: policy ?? known?.policy, config: config ?? known?.config };
  return next.policy === undefined || next.config === undefined ? known : { policy: next.policy, config: next.config };
}
