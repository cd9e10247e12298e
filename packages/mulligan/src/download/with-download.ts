import type { Session } from '../http/index.ts';
import { download } from './download.ts';
import type { DownloadOptions, DownloadResult, DownloadSource } from './options.ts';

/** A session that can download. */
export interface DownloadSession extends Session {
  /** See `download`; requests and lines of the log are the session's, and relative addresses begin at its base. */
  readonly download: (
    source: DownloadSource,
    pathOrFolder: string,
    options?: Omit<DownloadOptions, 'fetch'>,
  ) => Promise<DownloadResult>;
}

/**
 * Adds `download` to a session: with its headers, its authentication, its limits per host, and its log. How often is
 * retried say the options of the download: it has the one loop, and the session's own is left out.
 *
 * @example
 * const session = withDownload(getRetrySession({ log: console }));
 * await session.download('https://example.com/pkg-1.0.tar.gz', 'sdists/');
 */
export function withDownload(session: Session): DownloadSession {
  const { baseUrl, fetch, log } = session;
  const absolute = (url: string | URL): string => {
    const address = String(url);
    return baseUrl === undefined || URL.canParse(address) ? address : `${baseUrl}/${address.replace(/^\//, '')}`;
  };
  return {
    ...session,
    download: (source, pathOrFolder, options) => {
      const isList = typeof source === 'object' && !(source instanceof URL);
      const sources = isList ? { ...source, urls: source.urls.map(absolute) } : absolute(source);
      return download(sources, pathOrFolder, { ...(log && { log }), ...options, fetch });
    },
  };
}
