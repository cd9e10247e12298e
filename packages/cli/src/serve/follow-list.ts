import type { World } from 'mulligan';
import { type LoadReport, type ProxyPool, type WatchedProxies, watchProxies } from '@mulligan/proxy';
import { UsageError } from '../usage-error.ts';
import { cannotRead } from './read-file.ts';

/** Where sentences about a list go. */
export interface ListTellers {
  /** Hears what changed. */
  readonly tell: (sentence: string) => void;
  /** Hears what is wrong. */
  readonly warn: (sentence: string) => void;
}

/**
 * Brings the proxies of a list, a file or a URL, into a pool, and follows its changes. A bad line in a file ends the
 * start, since whoever wrote it is there to mend it; in somebody else's list, and later, it is told of and left out.
 * @throws {UsageError} when the list cannot be had, and when it lists nothing
 */
export async function followList(
  pool: ProxyPool,
  list: string,
  world: World,
  { tell, warn }: ListTellers,
): Promise<WatchedProxies> {
  const isUrl = /^https?:/iu.test(list);
  const name = isUrl ? bareUrl(list) : list;
  let isStarted = false;
  const onLoad = (report: LoadReport): void => {
    const [problem] = report.problems;
    if (problem !== undefined && !isUrl && !isStarted) throw new UsageError(sentenceOf(name, problem));
    for (const each of report.problems) warn(sentenceOf(name, each));
    const { added, updated, removed } = report;
    if (isStarted && added.length + updated.length + removed.length > 0) {
      tell(`${name}: ${added.length} added, ${updated.length} changed, ${removed.length} removed`);
    }
  };
  const onError = ({ message }: Error): void => warn(`${name} cannot be had, its proxies stay: ${message}`);
  const watched = await watchProxies(pool, list, { onLoad, onError, world }).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    throw isUrl ? unavailable(name, error as Error) : cannotRead('--proxies', list, error);
  });
  isStarted = true;
  if (pool.size > 0) return watched;
  watched.close();
  throw new UsageError(`${name} lists no proxies`);
}

/** A query may hold a key. */
function bareUrl(list: string): string {
  if (!URL.canParse(list)) throw new UsageError('--proxies must be a file or a URL');
  const { origin, pathname } = new URL(list);
  return origin + pathname;
}

function sentenceOf(name: string, { place, message }: LoadReport['problems'][number]): string {
  return `${name}, ${place}: ${message}`;
}

function unavailable(name: string, { message, cause }: Error): UsageError {
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return new UsageError(`--proxies: ${name} cannot be had: ${reason}`);
}
