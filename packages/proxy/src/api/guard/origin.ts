import { hostUrl } from './host.ts';

/** The headers by which a browser says which page asks. Other programs send none of them. */
export interface Asker {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` */
  readonly site: string | undefined;
  /** `Sec-Fetch-Mode` */
  readonly mode: string | undefined;
}

/** Whether a request comes from this server's own pages, or from no page at all. */
export function isOwnPage({ host, origin, site, mode }: Asker): boolean {
  if (origin !== undefined && !isOrigin(origin, host)) return false;
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  // A link on another page may lead here; that page cannot read what it leads to.
  return mode === 'navigate' && origin === undefined;
}

/** The scheme is left out: behind a proxy that ends TLS it is not ours. */
function isOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: asking } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && asking === hostUrl(host)?.host;
}
