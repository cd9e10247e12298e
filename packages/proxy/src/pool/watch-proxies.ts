import { readFile, stat } from 'node:fs/promises';
import { checkDuration, type Duration, systemWorld, type Timer, type World } from 'mulligan';
import { redact } from '../address/index.ts';
import type { LoadReport } from './load-proxies.ts';
import type { ProxyListFormat } from './parse-proxies.ts';
import type { ProxyPool } from './proxy-pool.ts';

/** Options of {@link watchProxies}. */
export interface WatchOptions {
  /** Found out from the text if it is not given. */
  readonly format?: ProxyListFormat;
  /** How often it is looked at. @default '2s' for a file, '5m' for a URL; `Infinity` for once only */
  readonly interval?: Duration;
  /** Gets the list of a URL. @default the platform's fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Told of every list that was read. */
  readonly onLoad?: (report: LoadReport) => void;
  /** Told when a list cannot be had; the proxies stay as they are. @default a warning on the console */
  readonly onError?: (error: Error) => void;
  readonly world?: World;
}

/** A list of proxies that a pool follows. */
export interface WatchedProxies {
  /** Looks at the list now. `undefined` when it has not changed. */
  refresh(): Promise<LoadReport | undefined>;
  /** Stops following; the proxies stay. */
  close(): void;
}

/** A list, and by what to recognise it again. */
interface Version {
  readonly text: string;
  readonly mark: string;
}

type Read = (knownMark: string | undefined) => Promise<Version | undefined>;

/**
 * Loads a list of proxies from a file or a URL, and follows its changes: proxies that leave the list leave the pool,
 * those that came from elsewhere stay.
 * @throws when the list cannot be had the first time
 */
export async function watchProxies(
  pool: ProxyPool,
  source: string | URL,
  options: WatchOptions = {},
): Promise<WatchedProxies> {
  const isUrl = /^https?:/i.test(String(source));
  const { interval = isUrl ? '5m' : '2s', world = systemWorld } = options;
  const read = isUrl ? readerOfUrl(new URL(source), options.fetch ?? globalThis.fetch) : readerOfFile(source);
  const watched = new Watch(pool, read, { ...options, world, intervalMs: checkDuration('interval', interval, 100) });
  await watched.refresh();
  watched.schedule();
  return watched;
}

interface WatchPlan extends WatchOptions {
  readonly world: World;
  readonly intervalMs: number;
}

class Watch implements WatchedProxies {
  readonly #pool: ProxyPool;
  readonly #read: Read;
  readonly #plan: WatchPlan;
  #mark: string | undefined;
  #ids: ReadonlySet<string> = new Set();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(pool: ProxyPool, read: Read, plan: WatchPlan) {
    this.#pool = pool;
    this.#read = read;
    this.#plan = plan;
  }

  async refresh(): Promise<LoadReport | undefined> {
    const version = await this.#read(this.#mark);
    if (version === undefined || this.#isClosed) return undefined;
    const { format, onLoad } = this.#plan;
    const report = this.#pool.load(version.text, {
      replaces: this.#ids,
      ...(format === undefined ? {} : { format }),
    });
    this.#mark = version.mark;
    const gone = new Set(report.removed);
    // What was there before the list came is not the list's to remove.
    const before = [...this.#ids].filter((id) => !gone.has(id));
    this.#ids = new Set([...before, ...report.added]);
    onLoad?.(report);
    return report;
  }

  schedule(): void {
    const { world, intervalMs, onError } = this.#plan;
    if (intervalMs === Number.POSITIVE_INFINITY || this.#isClosed) return;
    this.#timer = world.setTimer(() => {
      this.refresh()
        .catch((error: unknown) => (onError ?? warn)(error instanceof Error ? error : new Error(String(error))))
        .finally(() => this.schedule());
    }, intervalMs);
    this.#timer.unref();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }
}

function readerOfFile(path: string | URL): Read {
  return async (knownMark) => {
    const { mtimeMs, size } = await stat(path);
    const mark = `${mtimeMs} ${size}`;
    return mark === knownMark ? undefined : { text: await readFile(path, 'utf8'), mark };
  };
}

/** A server that gives an ETag is asked for news only. */
function readerOfUrl(url: URL, fetch: typeof globalThis.fetch): Read {
  return async (knownMark) => {
    const isTag = knownMark?.startsWith('"') === true || knownMark?.startsWith('W/') === true;
    const response = await fetch(url, isTag ? { headers: { 'if-none-match': knownMark } } : {});
    if (response.status === 304) return undefined;
    const text = await response.text();
    if (!response.ok) throw new Error(`${redact(url.origin + url.pathname)} answered ${response.status}`);
    const mark = response.headers.get('etag') ?? text;
    return mark === knownMark ? undefined : { text, mark };
  };
}

function warn(error: Error): void {
  console.warn(`mulligan: a list of proxies cannot be had: ${redact(error.message)}`);
}
