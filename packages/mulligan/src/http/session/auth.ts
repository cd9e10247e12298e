import { checkFunction, InvalidOptionError } from '../../kernel/index.ts';

/** Headers that prove who is asking; none when there is nothing to prove it with. */
export type AuthHeaders = Readonly<Record<string, string>>;

/** Finds the headers for a host: asked once, when the first request is sent to it. */
export type AuthCallback = (url: URL) => AuthHeaders | undefined | Promise<AuthHeaders | undefined>;

interface Entry {
  readonly callback: AuthCallback;
  found: Promise<AuthHeaders | undefined> | undefined;
}

/** Who to be at which host: by scheme and host name, both exactly. Source: Fromager's `SessionAuth`. */
export class SessionAuth {
  readonly #entries = new Map<string, Entry>();

  /**
   * Sets what to send to the host of this URL. Replaces what was set before, and what was found with it.
   * @throws {InvalidOptionError} for a URL without a host, or with another scheme than http and https
   */
  add(url: string | URL, callback: AuthCallback): this {
    this.#entries.set(keyOf(url), { callback: checkFunction('callback', callback), found: undefined });
    return this;
  }

  /** What to send to this URL; nothing for a host that was not added. */
  async get(url: string | URL): Promise<AuthHeaders | undefined> {
    const entry = this.#entries.get(keyOf(url));
    if (entry === undefined) return undefined;
    entry.found ??= Promise.resolve(entry.callback(new URL(url))).catch((error: unknown) => {
      // What failed once may succeed next time.
      entry.found = undefined;
      throw error;
    });
    return entry.found;
  }
}

function keyOf(url: string | URL): string {
  const shown = String(url).replace(/\/\/[^/?#]*@/, '//');
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(shown)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'http' && scheme !== 'https') throw invalid(`Unsupported scheme '${scheme}' in URL '${shown}'`, shown);
  const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
  if (hostname === '') throw invalid(`Missing hostname in URL '${shown}'`, shown);
  return `${scheme}://${hostname}`;
}

function invalid(message: string, url: string): InvalidOptionError {
  return new InvalidOptionError('url', url, message);
}
