import type { Connect, NodeBuiltins } from './builtins.ts';
import type { ProxyRule } from './rules.ts';
import { connectThrough, proxyAuthorization } from './tunnel.ts';

interface Dispatched {
  readonly origin: string | URL;
  readonly path: string;
  readonly headers?: unknown;
}

/** What Node's `fetch` sends requests by; the option `dispatcher` takes another. */
export interface Dispatcher {
  dispatch(request: Dispatched, handler: unknown): boolean;
}

type AgentClass = new (options?: { connect: Connect }) => Dispatcher;

/** Where Node and undici keep their dispatcher, newest first. */
const homes = ['undici.globalDispatcher.2', 'undici.globalDispatcher.1'].map((name) => Symbol.for(name));

/** Node's own dispatcher and its class, which nothing exports; `undefined` where there is none, or somebody else's. */
function platformAgent(): { readonly agent: Dispatcher; readonly Agent: AgentClass } | undefined {
  // It is made when the first of these classes is looked at.
  void globalThis.Request;
  for (const home of homes) {
    const agent = (globalThis as Record<symbol, Dispatcher | undefined>)[home];
    if (agent?.constructor.name === 'Agent') return { agent, Agent: agent.constructor as AgentClass };
  }
  return undefined;
}

/**
 * A dispatcher for Node's `fetch` that sends requests through proxies: to `https:` by a tunnel, to `http:` by asking the
 * proxy for the whole address. Made of the very class that this `fetch` uses, so that no package need be installed.
 */
export function proxyDispatcher(rule: ProxyRule): Dispatcher | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: NodeBuiltins } };
  const builtin = process?.getBuiltinModule;
  const platform = platformAgent();
  if (builtin === undefined || platform === undefined) return undefined;
  const { agent, Agent } = platform;
  const direct = new Agent();
  const tunnels = new Map<string, Dispatcher>();
  const tunnel = (proxy: URL): Dispatcher => {
    const known = tunnels.get(proxy.href) ?? new Agent({ connect: connectThrough(proxy, builtin) });
    tunnels.set(proxy.href, known);
    return known;
  };
  return {
    dispatch(request, handler) {
      const target = new URL(request.origin);
      const proxy = rule(target);
      if (proxy === undefined) return agent.dispatch(request, handler);
      if (target.protocol === 'https:') return tunnel(proxy).dispatch(request, handler);
      const headers = withFields(request.headers, { host: target.host, ...proxyAuthorization(proxy) });
      return direct.dispatch(
        { ...request, origin: proxy.origin, path: `${target.origin}${request.path}`, headers },
        handler,
      );
    },
  };
}

/** Node gives the fields of a request as an object, or as names and values in turn. */
function withFields(headers: unknown, more: Record<string, string>): unknown {
  return Array.isArray(headers)
    ? [...(headers as unknown[]), ...Object.entries(more).flat()]
    : { ...(headers as object), ...more };
}
