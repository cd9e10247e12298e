import { InvalidOptionError } from '../../kernel/index.ts';
import type { FetchInput } from '../body.ts';
import type { FetchFunction } from '../options.ts';
import type { Environment } from '../session/environment.ts';
import { proxyDispatcher } from './dispatcher.ts';
import { credentialsOf, type ProxyRule, proxyRule } from './rules.ts';

/**
 * The platform's `fetch` through an HTTP proxy, for `createFetch({ fetch })`; `createSession({ proxy })` uses it. On Node,
 * Bun and Deno, without a package to install. Credentials in the address go to the proxy and nowhere else.
 *
 * @param proxy such as `'http://user:password@proxy.example.com:8080'`; `'environment'`: what `HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY` and `NO_PROXY` say now
 * @param env the environment. Default: that of this process
 * @throws {InvalidOptionError} for what is no HTTP proxy, and where the platform has no way to use one
 */
export function proxyFetch(proxy: string | URL, env?: Environment): FetchFunction {
  const toInit = platformInit(proxyRule(proxy, env));
  return (input, init) => globalThis.fetch(input, { ...init, ...toInit(input) });
}

interface DenoClient {
  readonly proxy: {
    readonly url: string;
    readonly basicAuth?: { readonly username: string; readonly password: string };
  };
}

interface Platforms {
  readonly Bun?: unknown;
  readonly Deno?: { createHttpClient?(options: DenoClient): unknown };
}

/** What the platform's `fetch` wants to be told about a proxy. */
function platformInit(rule: ProxyRule): (input: FetchInput) => object {
  const { Bun, Deno } = globalThis as Platforms;
  const through = (tell: (proxy: URL) => object) => (input: FetchInput) => {
    const proxy = rule(new URL(typeof input === 'object' && 'url' in input ? input.url : input));
    return proxy === undefined ? {} : tell(proxy);
  };
  if (Bun !== undefined) return through(({ href }) => ({ proxy: href }));
  if (Deno?.createHttpClient !== undefined) return through(denoClients(Deno.createHttpClient.bind(Deno)));
  const dispatcher = proxyDispatcher(rule);
  if (dispatcher !== undefined) return () => ({ dispatcher });
  const remedy = 'on Node with a global dispatcher of your own give it as `init: { dispatcher }`';
  throw new InvalidOptionError(
    'proxy',
    undefined,
    `proxy cannot be used here: it needs the fetch of Node, Bun or Deno; ${remedy}`,
  );
}

function denoClients(create: (options: DenoClient) => unknown): (proxy: URL) => object {
  const clients = new Map<string, unknown>();
  return (proxy) => {
    const basicAuth = credentialsOf(proxy);
    const needsAuth = basicAuth.username !== '' || basicAuth.password !== '';
    const { href, origin } = proxy;
    const client = clients.get(href) ?? create({ proxy: { url: origin, ...(needsAuth ? { basicAuth } : {}) } });
    clients.set(href, client);
    return { client };
  };
}
