import type { Call, ProxyRow } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import type { Action } from './action.ts';
import { callsKept, inOrderOf, reduce, sortProxies } from './reduce.ts';
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

test('a second click on a column turns its order round', () => {
  const sort: Action = { type: 'sort', column: 'score' };
  expect(after(sort).sorting).toEqual({ column: 'score', descending: true });
  expect(after(sort, sort).sorting).toEqual({ column: 'score', descending: false });
  expect(after(sort, { type: 'sort', column: 'id' }).sorting).toEqual({ column: 'id', descending: false });
});

test('proxies are sorted by what needs a person first, names as people count', () => {
  const rows = [row('p10'), row('p9', { condition: 'down' }), row('p2'), row('p1', { condition: 'degraded' })];
  const received = rows.map((each) => ({ row: each, at: 0 }));
  const sorted = (column: 'pool' | 'id' | 'condition') =>
    sortProxies(received, { column, descending: false }).map(({ row: { id } }) => id);
  expect(sorted('pool')).toEqual(['p10', 'p9', 'p2', 'p1']);
  expect(sorted('id')).toEqual(['p1', 'p2', 'p9', 'p10']);
  expect(sorted('condition')).toEqual(['p9', 'p1', 'p10', 'p2']);
});

test('a proxy of which nothing is known is neither fast nor successful', () => {
  const received = [row('new', { avg_latency: null, success_rate: null }), row('old')].map((each) => ({
    row: each,
    at: 0,
  }));
  const first = (column: 'latency' | 'success', descending: boolean) =>
    sortProxies(received, { column, descending })[0]!.row.id;
  expect(first('latency', false)).toBe('old');
  expect(first('success', true)).toBe('old');
});

test('a held order keeps its rows, and new ones come last', () => {
  const received = ['c', 'new', 'a', 'b'].map((id) => ({ row: row(id), at: 0 }));
  expect(inOrderOf(['a', 'gone', 'b', 'c'], received).map(({ row: { id } }) => id)).toEqual(['a', 'b', 'c', 'new']);
});

test('a breaker is busy while it is being reset', () => {
  const busy = after({ type: 'breaker.busy', id: 'a', isBusy: true });
  expect([...busy.busyBreakers]).toEqual(['a']);
  expect([...reduce(busy, { type: 'breaker.busy', id: 'a', isBusy: false }).busyBreakers]).toEqual([]);
});
