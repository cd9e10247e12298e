import { isDeepStrictEqual } from 'node:util';
import { formatWithCredentials } from '../address/index.ts';
import { type ProxyListFormat, type ProxyListProblem, parseProxies } from './parse-proxies.ts';
import type { ProxyPool } from './proxy-pool.ts';
import { checkSettings, type ProxySettings } from './settings.ts';
import { settingsOf } from './settings-of.ts';

/** Options of {@link loadProxies}. */
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
export function loadProxies(pool: ProxyPool, text: string, { format, replaces = [] }: LoadOptions = {}): LoadReport {
  const { proxies, problems } = parseProxies(text, format);
  const report = { added: [] as string[], updated: [] as string[], kept: [] as string[] };
  for (const settings of proxies) {
    const id = settings.id ?? checkSettings(settings).id;
    report[bringIn(pool, id, settings)].push(id);
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

function bringIn(pool: ProxyPool, id: string, settings: ProxySettings): 'added' | 'updated' | 'kept' {
  const known = pool.get(id);
  if (known === undefined) {
    pool.add(settings);
    return 'added';
  }
  const { id: _, ...changes } = { ...unsaid, ...settings };
  const now = settingsOf(known);
  if (isDeepStrictEqual(comparable(now), comparable({ ...now, ...changes }))) return 'kept';
  pool.update(id, changes);
  return 'updated';
}

function comparable(settings: ProxySettings): unknown {
  const profile = checkSettings(settings);
  return { ...profile, address: formatWithCredentials(profile.address) };
}
