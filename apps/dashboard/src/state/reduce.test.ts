import type { Call, ConfigJson, PolicyJson, ProxyRow } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import type { Action } from './action.ts';
import { callsKept, reduce } from './reduce.ts';
import { initialState, type State } from './state.ts';

const call = (id: number): Call => ({
  id: String(id),
  timestamp: new Date(id).toISOString(),
  method: 'GET',
  target: 'x:80',
  outcome: 'success',
  status: 200,
  duration: 0.1,
  waited: 0,
  reason: null,
  error: null,
  attempts: [],
});

const row = (id: string, change: Partial<ProxyRow> = {}): ProxyRow =>
  ({ id, condition: 'healthy', score: 1, success_rate: 1, avg_latency: 0.1, total_attempts: 1, ...change }) as ProxyRow;

const after = (...actions: Action[]): State => actions.reduce(reduce, initialState);
const ids = (calls: readonly Call[]) => calls.map(({ id }) => Number(id));

test('new requests come on top, and only so many are kept', () => {
  const came = Array.from({ length: callsKept + 5 }, (_, id): Action => ({ type: 'calls.came', calls: [call(id)] }));
  const { calls } = after(...came);
  expect(calls).toHaveLength(callsKept);
  expect(calls[0]!.id).toBe(String(callsKept + 4));
});

test('a request that comes twice is shown once', () => {
  const { calls } = after({ type: 'calls.came', calls: [call(1)] }, { type: 'calls.came', calls: [call(1)] });
  expect(ids(calls)).toEqual([1]);
});

test('a list that is read keeps what came while it was on its way', () => {
  const { calls } = after(
    { type: 'calls.came', calls: [call(3)] },
    { type: 'calls.loaded', calls: [call(2), call(1)] },
  );
  expect(ids(calls)).toEqual([3, 2, 1]);
});

test('while the list is held, new requests wait; then they come on top', () => {
  const held = after(
    { type: 'calls.came', calls: [call(1)] },
    { type: 'calls.held', isHeld: true },
    { type: 'calls.came', calls: [call(2)] },
    { type: 'calls.came', calls: [call(3)] },
  );
  expect([ids(held.calls), ids(held.heldCalls)]).toEqual([[1], [3, 2]]);
  const resumed = reduce(held, { type: 'calls.held', isHeld: false });
  expect([ids(resumed.calls), ids(resumed.heldCalls)]).toEqual([[3, 2, 1], []]);
});

test('proxies are replaced by a whole list, and changed one by one', () => {
  const { proxies } = after(
    { type: 'proxies.loaded', rows: [row('old')], at: 0 },
    { type: 'proxies.loaded', rows: [row('a'), row('b')], at: 1 },
    { type: 'proxies.changed', rows: [row('b', { score: 0.5 }), row('c')], at: 2 },
    { type: 'proxy.removed', id: 'a' },
  );
  expect([...proxies].map(([id, { row, at }]) => [id, row.score, at])).toEqual([
    ['b', 0.5, 2],
    ['c', 1, 2],
  ]);
});

test('removing what is not there changes nothing at all', () => {
  expect(reduce(initialState, { type: 'proxy.removed', id: 'a' })).toBe(initialState);
});

test('going somewhere ends the question whether to leave', () => {
  const asked = after({ type: 'unsaved', isUnsaved: true }, { type: 'leaving', route: { view: 'now' } });
  expect(asked).toMatchObject({ hasUnsavedChanges: true, leavingFor: { view: 'now' } });
  const gone = reduce(asked, { type: 'route', route: { view: 'history' } });
  expect(gone).toMatchObject({ route: { view: 'history' }, leavingFor: undefined });
});

test('a filter changes what it names', () => {
  const { proxyFilter } = after(
    { type: 'proxies.filter', filter: { text: 'eu' } },
    { type: 'proxies.filter', filter: { condition: 'down' } },
  );
  expect(proxyFilter).toEqual({ text: 'eu', condition: 'down' });
});

test('what is done with a proxy is known until it is done', () => {
  const busy = after({ type: 'deed', id: 'a', deed: 'check' }, { type: 'deed', id: 'b', deed: 'pause' });
  expect([...busy.deeds]).toEqual([
    ['a', 'check'],
    ['b', 'pause'],
  ]);
  expect([...reduce(busy, { type: 'deed', id: 'a', deed: undefined }).deeds]).toEqual([['b', 'pause']]);
});

test('a change of the settings counts once they were read', () => {
  const policy = { max_attempts: 4 } as PolicyJson;
  expect(after({ type: 'settings', settings: { policy } }).settings).toBeUndefined();
  const config = { direct: false } as ConfigJson;
  const { settings } = after(
    { type: 'settings', settings: { policy: { max_attempts: 3 } as PolicyJson, config } },
    { type: 'settings', settings: { policy } },
  );
  expect(settings).toEqual({ policy, config });
});
