import { isDeepStrictEqual } from 'node:util';
import { InvalidOptionError, show } from 'mulligan';
import type { DialTls } from '../dial/index.ts';
import { checkNames, type ProxySettings } from './settings.ts';

/** A proxy as JSON and CSV write it. */
export interface ProxyRecord {
  readonly url: string;
  readonly id?: string;
  readonly region?: string;
  readonly tags?: readonly string[];
  readonly weight?: number;
  readonly cost?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly max_concurrent?: number;
  readonly rate_per_second?: number;
  readonly paused?: boolean;
  readonly tls?: DialTls;
}

/** The fields of {@link ProxyRecord} and what each is in {@link ProxySettings}. */
const fields = {
  url: 'url',
  id: 'id',
  region: 'region',
  tags: 'tags',
  weight: 'weight',
  cost: 'cost',
  metadata: 'metadata',
  max_concurrent: 'maxConcurrent',
  rate_per_second: 'ratePerSecond',
  paused: 'paused',
  tls: 'tls',
} as const satisfies Record<keyof ProxyRecord, keyof ProxySettings>;

/** The names of the fields, in the order in which CSV writes them. */
export const recordFields: readonly (keyof ProxyRecord)[] = Object.keys(fields) as (keyof ProxyRecord)[];

/** Reads JSON; the platform's own sentence about what is wrong would quote it, secrets included. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [position] = /position \d+/.exec(String(error)) ?? [];
    throw new SyntaxError(`${what} is no JSON${position === undefined ? '' : ` (${position})`}`);
  }
}

/** Reads what JSON says of a proxy: its URL, or an object. The values are checked when it is added to a pool. */
export function settingsFromJson(json: unknown): ProxySettings {
  if (typeof json === 'string') return { url: json };
  if (typeof json !== 'object' || json === null) {
    throw new InvalidOptionError('proxy', json, `a proxy must be a URL or an object, got ${show(json)}`);
  }
  checkNames(json, recordFields);
  const entries = recordFields.flatMap((field) => {
    const value: unknown = Reflect.get(json, field);
    return value === undefined || value === null ? [] : [[fields[field], value]];
  });
  return Object.fromEntries(entries) as ProxySettings;
}

/** Reads a row of CSV under its header. Empty cells say nothing; tags are separated by white space or semicolons. */
export function settingsFromRow(header: readonly string[], row: readonly string[]): ProxySettings {
  const cells = new Map(header.map((name, index) => [name, row[index] ?? '']));
  const url = cells.get('url') ?? urlOf(cells);
  const record: Record<string, unknown> = { url };
  for (const field of recordFields) {
    const cell = cells.get(field) ?? '';
    if (field !== 'url' && cell !== '') record[field] = valueOf(field, cell);
  }
  return settingsFromJson(record);
}

/** Lists that have no `url` have its parts. */
function urlOf(cells: ReadonlyMap<string, string>): string {
  const part = (name: string): string => cells.get(name) ?? '';
  const protocol = part('protocol') === '' ? 'http' : part('protocol');
  const secret = part('password') === '' ? '' : `:${encodeURIComponent(part('password'))}`;
  const user = part('username') === '' ? '' : `${encodeURIComponent(part('username'))}${secret}@`;
  return `${protocol}://${user}${part('host')}:${part('port')}`;
}

function valueOf(field: keyof ProxyRecord, cell: string): unknown {
  switch (field) {
    case 'tags':
      return cell.split(/[\s;]+/).filter((tag) => tag !== '');
    case 'metadata':
    case 'tls':
      return parseJson(cell, field);
    case 'paused':
      return cell === 'true' ? true : cell === 'false' ? false : cell;
    case 'weight':
    case 'cost':
    case 'max_concurrent':
    case 'rate_per_second':
      return cell.trim() === '' ? cell : Number(cell);
    default:
      return cell;
  }
}

/** What need not be said, because it is so by default. */
const unsaid: Partial<ProxySettings> = { tags: [], weight: 1, cost: 0, metadata: {}, paused: false };

/** What JSON says of a proxy; what is as by default is left out. */
export function recordOf(settings: ProxySettings): ProxyRecord {
  const entries = recordFields.flatMap((field) => {
    const value = settings[fields[field]];
    return value === undefined || isDeepStrictEqual(value, unsaid[fields[field]]) ? [] : [[field, value]];
  });
  return Object.fromEntries(entries) as ProxyRecord;
}
