/** Where a request goes, without anything that is secret; all empty for what is no address at all. */
export interface Address {
  /** Such as `https://api.example.com`. */
  readonly origin: string;
  readonly host: string;
  /** Without credentials, query and fragment. */
  readonly url: string;
}

const nowhere: Address = { origin: '', host: '', url: '' };

/** The usual spelling of an address, whose parts can be read off: parsing it costs ten times as much. */
const usual = /^(https?:\/\/([a-z\d.-]+(?::(?!80\b|443\b)\d+)?))(\/[^?#\s\\]*)?(?=[?#]|$)/;

/**
 * Reads the address of a request. What is none is left to `fetch` to complain about.
 * @throws {TypeError} for credentials: `fetch` refuses them too, but writes the password into its message
 */
export function addressOf(text: string): Address {
  const [, known, knownHost = '', path = '/'] = usual.exec(text) ?? [];
  if (known !== undefined) return { origin: known, host: knownHost, url: `${known}${path}` };
  const url = parse(text);
  if (url === undefined) return nowhere;
  const { origin, host, pathname, username, password } = url;
  if (username !== '' || password !== '') {
    throw new TypeError(`fetch takes no credentials in a URL (${host}): send them in an Authorization header`);
  }
  return { origin, host, url: `${origin}${pathname}` };
}

/** A text without the credentials and the queries of the addresses in it. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/\/\/[^\s/?#]*@/g, '//').replaceAll(query, '?…');
}

/** Up to the end of the word, but for the punctuation that follows it. */
const query = /\?[^\s"'<>=]*=[^\s"'<>]*?(?=[.,:;)]*(?:[\s"'<>]|$))/g;

function parse(text: string): URL | undefined {
  try {
    return new URL(text, (globalThis as { location?: { href: string } }).location?.href);
  } catch {
    return undefined;
  }
}
