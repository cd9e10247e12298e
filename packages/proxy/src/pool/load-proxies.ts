import { isDeepStrictEqual } from 'node:util';
import { formatWithCredentials } from '../address/index.ts';
import {
  type ListedProxy,
  type ProxyListFormat,
  type ProxyListProblem,
  type ProxyListSource,
  parseProxies,
} from './parse-proxies.ts';
import type { Proxy } from './proxy.ts';
import { checkSettings, type ProxySettings } from './settings.ts';
import { settingsOf } from './settings-of.ts';

/** What a list is brought into. */
export interface LoadTarget {
  get(id: string): Proxy | undefined;
  add(settings: ProxySettings): Proxy;
  update(id: string, changes: Partial<Omit<ProxySettings, 'id'>>): Proxy;
  remove(id: string): boolean;
}

/** Options of `ProxyPool.load`. */
export interface LoadOptions {
  /** Found out from the text if it is not given. */
  readonly format?: ProxyListFormat;
  /**
   * The ids that came from the same place before: those that are not in the list any more are removed. Without it
   * nothing is removed.
   */
  readonly replaces?: Iterable<string>;
}

/** What loading a list did. The proxies by their ids. */
export interface LoadReport {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Those that are as they were. */
  readonly kept: readonly string[];
  readonly problems: readonly ProxyListProblem[];
}

/** Brings a list of proxies into a pool: adds what is new, changes what is different, keeps statistics and breakers. */
export function loadProxies(
  pool: LoadTarget,
  list: ProxyListSource,
  { format, replaces = [] }: LoadOptions = {},
): LoadReport {
  const { proxies, problems } = parseProxies(list, format);
  const report = { added: [] as string[], updated: [] as string[], kept: [] as string[] };
  for (const settings of proxies) {
    report[bringIn(pool, settings)].push(settings.id);
  }
  const listed = new Set(proxies.map(({ id }) => id));
  // A list that cannot be read at all is no reason to lose every proxy.
  const isReadable = proxies.length > 0 || problems.length === 0;
  const removed = isReadable ? [...replaces].filter((id) => !listed.has(id) && pool.remove(id)) : [];
  return { ...report, removed, problems };
}

/** What a list means that says nothing else. A pause is the business of whoever paused. */
const unsaid = {
  region: '',
  tags: [],
  weight: 1,
  cost: 0,
  metadata: {},
  maxConcurrent: Infinity,
  ratePerSecond: Infinity,
};

function bringIn(pool: LoadTarget, settings: ListedProxy): 'added' | 'updated' | 'kept' {
  const known = pool.get(settings.id);
  if (known === undefined) {
    pool.add(settings);
    return 'added';
  }
  const { id, ...changes } = { ...unsaid, ...settings };
  const now = settingsOf(known);
  if (isDeepStrictEqual(comparable(now), comparable({ ...now, ...changes }))) return 'kept';
  pool.update(id, changes);
  return 'updated';
}

function comparable(settings: ProxySettings): unknown {
  const profile = checkSettings(settings);
  return { ...profile, address: formatWithCredentials(profile.address) };
}
