import { InvalidOptionError } from 'mulligan';
import { formatWithCredentials, redact } from '../address/index.ts';
import { parseCsv } from './csv.ts';
import { parseJson, settingsFromJson, settingsFromRow } from './proxy-record.ts';
import { checkSettings, type ProxySettings } from './settings.ts';

/** How a list of proxies is written: one URL a line, comma-separated values under a header, or JSON. */
export type ProxyListFormat = 'text' | 'csv' | 'json';

/** What is wrong with one entry of a list. */
export interface ProxyListProblem {
  /** Where it stands, such as `line 3`. */
  readonly place: string;
  /** A sentence without credentials. */
  readonly message: string;
}

/** The settings of a proxy that has its id. */
export type ListedProxy = ProxySettings & { readonly id: string };

/** A list of proxies, read. */
export interface ProxyList {
  /** Every one is good, and has its id. */
  readonly proxies: readonly ListedProxy[];
  readonly problems: readonly ProxyListProblem[];
}

/** An entry, and its address in one form, credentials included. */
interface Listed {
  readonly settings: ListedProxy;
  readonly url: string;
}

interface Row {
  readonly place: string;
  readonly read: () => ProxySettings;
}

/** A list of proxies, written or ready. */
export type ProxyListSource = string | Iterable<string | ProxySettings>;

/**
 * Reads a list of proxies. Bad entries are told of and left out. An entry that is there twice counts once; of several
 * with the same host and port but other credentials, the later ones get ids of their own: `host:port~2`.
 * @param format of text; found out from it if it is not given
 */
export function parseProxies(list: ProxyListSource, format?: ProxyListFormat): ProxyList {
  const problems: ProxyListProblem[] = [];
  const proxies = new Map<string, Listed>();
  const rows = typeof list === 'string' ? rowsOf(list, format ?? detectFormat(list), problems) : entryRows(list);
  for (const { place, read } of rows) {
    try {
      const settings = read();
      const { id, address } = checkSettings(settings);
      const url = formatWithCredentials(address);
      const free = freeId({ id, isOwn: settings.id !== undefined, url }, proxies);
      if (free !== undefined) proxies.set(free, { settings: { ...settings, id: free }, url });
    } catch (error) {
      problems.push({ place, message: sentenceOf(error) });
    }
  }
  return { proxies: [...proxies.values()].map(({ settings }) => settings), problems };
}

/** JSON begins with a bracket, CSV with a header that names a `url` or a `host`. */
function detectFormat(text: string): ProxyListFormat {
  const start = text.trimStart();
  if (start.startsWith('{') || /^\[(?![\da-f:.]+\])/i.test(start)) return 'json';
  const [firstLine = ''] = start.split('\n', 1);
  const names = firstLine
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return names.includes('url') || (names.includes('host') && names.includes('port')) ? 'csv' : 'text';
}

interface Wanted {
  readonly id: string;
  /** Whether the entry names its id itself. */
  readonly isOwn: boolean;
  readonly url: string;
}

/** The id for a new entry of the list; `undefined` when the same address is in it already. */
function freeId({ id, isOwn, url }: Wanted, proxies: ReadonlyMap<string, Listed>): string | undefined {
  let free = id;
  for (let number = 2; ; number++) {
    const known = proxies.get(free);
    if (known === undefined) return free;
    if (known.url === url) return undefined;
    if (isOwn) throw new InvalidOptionError('id', id, `another proxy of the list has the id ${id} already`);
    free = `${id}~${number}`;
  }
}

function rowsOf(text: string, format: ProxyListFormat, problems: ProxyListProblem[]): readonly Row[] {
  try {
    if (format === 'json') return jsonRows(text);
    return format === 'csv' ? csvRows(text) : textRows(text);
  } catch (error) {
    problems.push({ place: 'the list', message: sentenceOf(error) });
    return [];
  }
}

function entryRows(list: Iterable<string | ProxySettings>): readonly Row[] {
  return Array.from(list, (entry, index) => ({
    place: `entry ${index + 1}`,
    read: () => (typeof entry === 'string' ? { url: entry } : entry),
  }));
}

/** Empty lines do not count, nor does what follows a `#`. */
function textRows(text: string): readonly Row[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const url = line.replace(/(?:^|\s)#.*$/, '').trim();
    return url === '' ? [] : { place: `line ${index + 1}`, read: () => ({ url }) };
  });
}

function csvRows(text: string): readonly Row[] {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.trim().toLowerCase());
  return rows.map((row, index) => ({ place: `row ${index + 2}`, read: () => settingsFromRow(names, row) }));
}

function jsonRows(text: string): readonly Row[] {
  const json = parseJson(text, 'the list');
  const list: unknown = Array.isArray(json) ? json : (json as { proxies?: unknown } | null)?.proxies;
  if (!Array.isArray(list)) {
    throw new SyntaxError('a list of proxies must be an array, or an object with an array "proxies"');
  }
  return list.map((entry, index) => ({ place: `entry ${index + 1}`, read: () => settingsFromJson(entry) }));
}

function sentenceOf(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}
