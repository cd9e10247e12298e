import { InvalidOptionError } from 'mulligan';
import { ProxyPool, type ProxySettings } from '@mulligan/proxy';
import { UsageError } from '../usage-error.ts';
import { defined } from './defined.ts';
import { fieldsOf, type Read } from './json-reader.ts';

/** A proxy, and what to call the place where the user named it. */
export interface NamedProxy {
  readonly settings: ProxySettings;
  readonly place: string;
}

/** How the file writes what the library calls otherwise. */
const fieldNames: Readonly<Record<string, string>> = {
  maxConcurrent: 'max_concurrent',
  ratePerSecond: 'rate_per_second',
};

/** Reads a proxy of a configuration file: its URL, or an object. Its values are checked by {@link checkProxies}. */
export const readProxy: Read<ProxySettings> = (value, name) => {
  if (typeof value === 'string') return { url: value };
  const plain = ['url', 'id', 'region', 'tags', 'weight', 'cost', 'metadata', 'paused', 'tls'] as const;
  const field = fieldsOf(value, name, [...plain, 'max_concurrent', 'rate_per_second']);
  const asIs: Read<unknown> = (given) => given;
  const renamed = { maxConcurrent: field('max_concurrent', asIs), ratePerSecond: field('rate_per_second', asIs) };
  const settings = { ...Object.fromEntries(plain.map((key) => [key, field(key, asIs)])), ...renamed };
  return defined(settings) as unknown as ProxySettings;
};

/**
 * Checks proxies by what a pool would say of them. One that was named twice, word by word, is one proxy.
 * @throws {UsageError} with the place of the first bad one, and without credentials
 */
export function checkProxies(named: readonly NamedProxy[]): readonly ProxySettings[] {
  const pool = new ProxyPool();
  const seen = new Set<string>();
  return named.flatMap(({ settings, place }) => {
    const words = JSON.stringify(settings);
    if (seen.has(words)) return [];
    seen.add(words);
    try {
      pool.add(settings);
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error;
      throw new UsageError(
        `${place}: ${error.message.replace(error.option, fieldNames[error.option] ?? error.option)}`,
      );
    }
    return settings;
  });
}
