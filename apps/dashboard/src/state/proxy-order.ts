import type { ProxyRow } from '@mulligan/proxy';
import type { ProxyFilter, ReceivedProxy, Sorting } from './state.ts';

/** What needs a person first. */
export const conditions: readonly ProxyRow['condition'][] = [
  'down',
  'recovering',
  'degraded',
  'healthy',
  'untested',
  'paused',
];

/** Names read best from A, figures from the largest. */
export function nextSorting({ column, descending }: Sorting, chosen: Sorting['column']): Sorting {
  if (chosen === column) return { column, descending: !descending };
  return { column: chosen, descending: !['id', 'condition', 'latency'].includes(chosen) };
}

const keys: Record<Exclude<Sorting['column'], 'pool'>, (row: ProxyRow) => number | string> = {
  id: ({ id }) => id,
  condition: ({ condition }) => conditions.indexOf(condition),
  score: ({ score }) => score,
  success: (row) => row.success_rate ?? -1,
  latency: (row) => row.avg_latency ?? Number.POSITIVE_INFINITY,
  attempts: (row) => row.total_attempts,
};

// One for all: making one for each comparison is what is slow.
const names = new Intl.Collator('en', { numeric: true });

/** The proxies in the chosen order; equal ones stay in the order of the pool. */
export function sortProxies(proxies: Iterable<ReceivedProxy>, { column, descending }: Sorting): ReceivedProxy[] {
  if (column === 'pool') return [...proxies];
  const key = keys[column];
  const direction = descending ? -1 : 1;
  return [...proxies].sort((a, b) => direction * compare(key(a.row), key(b.row)));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string') return names.compare(String(a), String(b));
  return a === b ? 0 : a - b;
}

/** Proxies in the order of these ids; those that are not among them come last. */
export function inOrderOf(ids: readonly string[], proxies: readonly ReceivedProxy[]): ReceivedProxy[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = ({ row }: ReceivedProxy): number => places.get(row.id) ?? ids.length;
  return proxies.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** The proxies that are looked for: every word must be found. */
export function filterProxies(proxies: Iterable<ReceivedProxy>, { condition, text }: ProxyFilter): ReceivedProxy[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return [...proxies].filter(({ row }) => {
    if (condition !== 'all' && row.condition !== condition) return false;
    if (words.length === 0) return true;
    const facts = [row.id, row.url, row.region ?? '', ...row.tags].join(' ').toLowerCase();
    return words.every((word) => facts.includes(word));
  });
}

/** How many proxies are in each condition. */
export function countConditions(proxies: Iterable<ReceivedProxy>): ReadonlyMap<ProxyRow['condition'], number> {
  const counts = new Map<ProxyRow['condition'], number>();
  for (const { row } of proxies) counts.set(row.condition, (counts.get(row.condition) ?? 0) + 1);
  return counts;
}
