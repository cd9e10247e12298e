import type { ProxyRow } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { countConditions, filterProxies, inOrderOf, nextSorting, sortProxies } from './proxy-order.ts';
import type { ReceivedProxy, Sorting } from './state.ts';

const proxy = (id: string, change: Partial<ProxyRow> = {}): ReceivedProxy => ({
  at: 0,
  row: { id, url: `http://${id}`, tags: [], region: null, condition: 'healthy', ...change } as ProxyRow,
});

const ids = (proxies: readonly ReceivedProxy[]) => proxies.map(({ row }) => row.id);

test('a second click on a column turns its order round', () => {
  const first = nextSorting({ column: 'pool', descending: false }, 'score');
  expect(first).toEqual({ column: 'score', descending: true });
  expect(nextSorting(first, 'score')).toEqual({ column: 'score', descending: false });
  expect(nextSorting(first, 'id')).toEqual({ column: 'id', descending: false });
});

test.each<[Sorting['column'], boolean, string[]]>([
  ['pool', false, ['proxy10', 'proxy9', 'new']],
  ['id', false, ['new', 'proxy9', 'proxy10']],
  ['condition', false, ['proxy9', 'proxy10', 'new']],
  ['latency', false, ['proxy10', 'proxy9', 'new']],
  ['success', true, ['proxy10', 'proxy9', 'new']],
])('sorted by %s (descending: %s) they are %j', (column, descending, sorted) => {
  const proxies = [
    proxy('proxy10', { avg_latency: 0.1, success_rate: 1 }),
    proxy('proxy9', { avg_latency: 0.2, success_rate: 0.5, condition: 'down' }),
    proxy('new', { avg_latency: null, success_rate: null, condition: 'untested' }),
  ];
  expect(ids(sortProxies(proxies, { column, descending }))).toEqual(sorted);
});

test('in an order that is held, new proxies come last', () => {
  expect(ids(inOrderOf(['b', 'a'], [proxy('a'), proxy('c'), proxy('b')]))).toEqual(['b', 'a', 'c']);
});

test('all words are looked for in name, address, region and tags', () => {
  const proxies = [
    proxy('a', { region: 'EU', tags: ['fast'] }),
    proxy('b', { region: 'EU' }),
    proxy('c', { condition: 'down' }),
  ];
  const find = (text: string, condition: ProxyRow['condition'] | 'all' = 'all') =>
    ids(filterProxies(proxies, { condition, text }));
  expect(find('')).toEqual(['a', 'b', 'c']);
  expect(find(' eu  FAST ')).toEqual(['a']);
  expect(find('http')).toEqual(['a', 'b', 'c']);
  expect(find('', 'down')).toEqual(['c']);
  expect(find('eu', 'down')).toEqual([]);
});

test('the conditions are counted', () => {
  expect(Object.fromEntries(countConditions([proxy('a'), proxy('b'), proxy('c', { condition: 'down' })]))).toEqual({
    healthy: 2,
    down: 1,
  });
});
