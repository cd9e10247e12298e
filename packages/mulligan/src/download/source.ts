import { createHash } from 'node:crypto';
import { InvalidOptionError, show } from '../kernel/index.ts';

/** An address of the file. */
export interface Source {
  readonly url: string;
  /** The address without credentials, query and fragment. */
  readonly shown: string;
  /** The same for the same file; see {@link sourceKey}. */
  readonly key: string;
}

/** What signs an address for a while, in the words of AWS, Google, CloudFront and Azure: another each time. */
const signatures =
  /^(?:x-amz-.*|x-goog-.*|awsaccesskeyid|googleaccessid|signature|expires|policy|key-pair-id|s(?:ig|e|t|p|v|r|pr|ip|koid|ktid|kt|ke|ks|kv))$/i;

/** Reads an address. @throws {InvalidOptionError} for what is none, and for credentials in it */
export function readSource(given: string | URL): Source {
  const address = String(given);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidOptionError(
      'url',
      undefined,
      `url must begin with http:// or https://, got ${show(address.replace(/\/\/[^/]*@/, '//').replace(/\?.*/s, ''))}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    const message = `url must not hold credentials (${url.host}): send them in an Authorization header`;
    throw new InvalidOptionError('url', undefined, message);
  }
  return { url: url.href, shown: `${url.origin}${url.pathname}`, key: sourceKey(url) };
}

/**
 * By what two addresses are known to be one. A signature that runs out is not a part of it, so that a download goes on
 * with a newly signed address. The query may hold secrets: it is hashed.
 */
export function sourceKey(url: URL): string {
  const kept = [...url.searchParams].filter(([name]) => !signatures.test(name)).map((pair) => pair.join('='));
  const query = kept.length === 0 ? '' : `?${createHash('sha256').update(kept.join('&')).digest('base64url')}`;
  return `${url.origin}${url.pathname}${query}`;
}

/** The addresses of a file, and which of them is asked now. */
export class Sources {
  readonly #all: readonly Source[];
  readonly #spent = new Set<Source>();
  #index = 0;

  constructor(all: readonly [Source, ...Source[]]) {
    this.#all = all;
  }

  get current(): Source {
    return this.#all[this.#index] as Source;
  }

  /** Whether there is another one to go to. */
  get hasOthers(): boolean {
    return this.#all.some((source) => source !== this.current && !this.#spent.has(source));
  }

  /** Goes to the next one, unless somebody else has done so. @param isSpent this one will never do */
  leave(source: Source, isSpent: boolean): void {
    if (isSpent) this.#spent.add(source);
    if (source !== this.current || !this.hasOthers) return;
    do this.#index = (this.#index + 1) % this.#all.length;
    while (this.#spent.has(this.current));
  }

  /** Begins with the one that a part comes from, where it is among them. */
  prefer(key: string): void {
    const index = this.#all.findIndex((source) => source.key === key);
    if (index !== -1) this.#index = index;
  }
}
