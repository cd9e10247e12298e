import type { Duration, EventListener, World } from '../kernel/index.ts';
import type { RetryOptions } from '../retry/index.ts';
import type { FetchFunction, SessionLogger } from '../http/index.ts';

/** What is done about a file that is there already. */
export type Existing = 'keep' | 'overwrite' | 'error';

/** How a download retries: the options of `retry`, but for those that a download has of its own. */
export type DownloadRetryOptions = Pick<
  RetryOptions,
  'attempts' | 'backoff' | 'on' | 'unless' | 'budget' | 'onRetry' | 'onExhausted'
>;

/** Where a file comes from: an address, or several of the same file, of which the first that works is used. */
export type DownloadSource = string | URL | { readonly urls: readonly (string | URL)[] };

/** The options of `download`. Every one has a default. */
export interface DownloadOptions {
  /**
   * What to do when the file is there already. `'keep'` leaves it alone and ends well at once, without a request;
   * where `integrity` or `sizeBytes` say that it is another file, it is an error. `'overwrite'` replaces it, in one step,
   * when the new one is complete. `'error'` is an error. @default 'keep'
   */
  readonly existing?: Existing;
  /**
   * The digest that the file must have, in the form of Subresource Integrity, such as `sha256-…` (or `sha384`, `sha512`;
   * of several the strongest counts). Without it, what the server says in `Repr-Digest` is checked, where it does.
   */
  readonly integrity?: string;
  /** The size that the file must have. */
  readonly sizeBytes?: number;
  /** How many ranges to download at once, where the server can. @default 1 */
  readonly parallel?: number;
  /** The permissions of the file, such as `0o644`. @default 0o666 without the umask */
  readonly mode?: number;
  /** Where a folder is given, what names the file in it. @default 'url': the last part of the address's path */
  readonly nameFrom?: 'url' | 'content-disposition';
  /**
   * Whether to go on with what an earlier download of the same file has left behind, and to leave something behind for a
   * later one. @default true
   */
  readonly resume?: boolean;
  /**
   * How to retry: the options of `retry`, how many attempts in all, or `false` for one attempt. An attempt that brought
   * the file a megabyte further begins the count anew.
   * @default { attempts: 5, backoff: exponential({ initial: '1s', max: '2m' }) } (source: Fromager, with full jitter)
   */
  readonly retry?: DownloadRetryOptions | number | false;
  /** Total time, waits included. No limit by default. */
  readonly timeout?: Duration;
  /** After how long without a byte an attempt is given up, from sending on. @default '60s' */
  readonly idleTimeout?: Duration;
  /** The longest wait that a server may ask for (`Retry-After` and its kin); a longer one ends the download. @default '2m' */
  readonly maxHintWait?: Duration;
  /** Sent with each request, but not to another origin that it is redirected to. */
  readonly headers?: RequestInit['headers'];
  /** What sends the requests, such as `session.fetch`; its own retries are left out. @default one without anything */
  readonly fetch?: FetchFunction;
  /** Is told how far it is: at the beginning, at the end, and between as often as `progressEvery` says. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** @default '250ms' */
  readonly progressEvery?: Duration;
  /** Gets a line for each retry and each failure, and `saved <path>`, such as `console`. None by default. */
  readonly log?: SessionLogger;
  /** Ends the download; what is there is kept for the next one. */
  readonly signal?: AbortSignal;
  /** Listens to the events of this download only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time and chance come from. @default systemWorld */
  readonly world?: World;
}

/** How far a download is. */
export interface DownloadProgress {
  /** The address that is asked now, without its query. */
  readonly url: string;
  /** How many bytes are on the disk. */
  readonly bytes: number;
  /** How many it will be; `undefined` as long as the server has not said. */
  readonly totalBytes: number | undefined;
  /** Smoothed over some seconds. */
  readonly bytesPerSecond: number;
  /** How long the rest takes at this rate; `undefined` when nobody can know. */
  readonly remainingMs: number | undefined;
  /** How many bytes an earlier download had left behind. */
  readonly resumedFromBytes: number;
  /** How many requests it took so far. */
  readonly attempts: number;
}

/** How a download has ended. */
export interface DownloadResult {
  /** Where the file is. */
  readonly path: string;
  readonly bytes: number;
  /** Whether it was downloaded; `false`: it was there already, and is untouched. */
  readonly isNew: boolean;
  /** How many of the bytes an earlier download had left behind. */
  readonly resumedFromBytes: number;
  /** How many requests it took. */
  readonly attempts: number;
}

/** The defaults of {@link DownloadOptions} that are plain values. */
export const downloadDefaults: {
  readonly attempts: number;
  readonly idleMs: number;
  readonly maxHintMs: number;
  readonly progressMs: number;
} = Object.freeze({ attempts: 5, idleMs: 60_000, maxHintMs: 120_000, progressMs: 250 });
