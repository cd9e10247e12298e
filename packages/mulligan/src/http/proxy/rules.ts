import { InvalidOptionError, show } from '../../kernel/index.ts';
import { type Environment, processEnvironment } from '../session/environment.ts';

/** Which proxy requests to an address go through; `undefined`: none. */
export type ProxyRule = (target: URL) => URL | undefined;

/**
 * Reads the option `proxy`: an address, or `'environment'` for `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`
 * (also in lower case, which wins), read once.
 * @throws {InvalidOptionError} for what is no address of an HTTP proxy; its credentials are not repeated
 */
export function proxyRule(proxy: string | URL, env: Environment = processEnvironment()): ProxyRule {
  if (proxy !== 'environment') {
    const address = readProxy('proxy', String(proxy));
    return () => address;
  }
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const address = (name: string): URL | undefined =>
    read(name) === '' ? undefined : readProxy(name, read(name).replace(/^(?![a-z][a-z\d+.-]*:\/\/)/i, 'http://'));
  // A CGI server turns the request's own field `Proxy` into HTTP_PROXY: there, only the lower case can be believed.
  const http = env['REQUEST_METHOD'] === undefined || env['http_proxy'] ? address('HTTP_PROXY') : undefined;
  const [https, all, exceptions] = [address('HTTPS_PROXY'), address('ALL_PROXY'), readExceptions(read('NO_PROXY'))];
  return (target) => {
    if (exceptions.some((excepts) => excepts(target))) return undefined;
    return (target.protocol === 'https:' ? https : http) ?? all;
  };
}

function readProxy(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.hostname && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const shown = text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
  const must = `${option} must be the address of an HTTP proxy, such as http://user:password@host:8080`;
  const why =
    url?.protocol.startsWith('socks') === true ? ' (the gateway of @mulligan/proxy leads to SOCKS proxies)' : '';
  throw new InvalidOptionError(option, shown, `${must}${why}, got ${show(shown)}`);
}

/** `NO_PROXY`: names with everything below them, addresses, each also with a port, or `*`. */
function readExceptions(text: string): ((target: URL) => boolean)[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.map((entry) => {
    if (entry === '*') return () => true;
    const [, host = '', port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    return (target) =>
      (target.hostname === host || target.hostname.endsWith(`.${host}`)) &&
      (port === undefined || port === portOf(target));
  });
}

/** The port of an address, also where it goes without saying. */
export function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}

/** The credentials of an address, as they are meant. */
export function credentialsOf({ username, password }: URL): { readonly username: string; readonly password: string } {
  return { username: decoded(username), password: decoded(password) };
}

/** A percent sign that was not meant as an escape stays one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
