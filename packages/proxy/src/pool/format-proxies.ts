import { formatAddress } from '../address/index.ts';
import { formatCsv } from './csv.ts';
import type { ProxyListFormat } from './parse-proxies.ts';
import type { Proxy } from './proxy.ts';
import { type ProxyRecord, recordFields, recordOf } from './proxy-record.ts';
import { settingsOf } from './settings-of.ts';

/** Options of `ProxyPool.export`. */
export interface ExportOptions {
  /** @default 'json' */
  readonly format?: ProxyListFormat;
  /** Whether user names and passwords are in it. @default false */
  readonly credentials?: boolean;
}

/** Writes proxies in a form that `parseProxies` reads. */
export function formatProxies(
  proxies: readonly Proxy[],
  { format = 'json', credentials = false }: ExportOptions,
): string {
  const records = proxies.map((proxy): ProxyRecord => {
    const record = recordOf(settingsOf(proxy));
    const url = credentials ? record.url : formatAddress(proxy.address);
    // The id that follows from the address need not be said.
    const { id = proxy.id, ...rest } = { ...record, url };
    return id === proxy.address.id ? rest : { id, ...rest };
  });
  if (format === 'text') return records.map(({ url }) => `${url}\n`).join('');
  return format === 'json' ? `${JSON.stringify({ proxies: records }, undefined, 2)}\n` : toCsv(records);
}

function toCsv(records: readonly ProxyRecord[]): string {
  const used = recordFields.filter((field) => field === 'url' || records.some((record) => record[field] !== undefined));
  const rows = records.map((record) => used.map((field) => toCell(record[field])));
  return formatCsv([used, ...rows]);
}

function toCell(value: ProxyRecord[keyof ProxyRecord]): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
