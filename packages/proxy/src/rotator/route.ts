import type { Proxy, ProxyLease, ProxyPool } from '../pool/index.ts';
import { type Explanation, explainChoice, type SelectionRequest, type Selector } from '../select/index.ts';
import { ProxyPoolEmptyError } from './error.ts';
import type { FailoverRequest } from './request.ts';
import type { Resting } from './resting.ts';

/** What choosing the way of a request needs. */
export interface RouteServices {
  readonly pool: ProxyPool;
  readonly selector: Selector<Proxy>;
  readonly resting: Resting;
}

/**
 * The way of one request through the pool: a different proxy for every attempt while there is one. When all have been
 * tried, any but the last; the last itself only if it is the only one.
 */
export class Route {
  readonly #services: RouteServices;
  readonly #request: FailoverRequest;
  readonly #tried = new Set<Proxy>();
  #last: Proxy | undefined;
  /** What was asked for when it was taken. */
  #wish: SelectionRequest<Proxy> = {};

  constructor(services: RouteServices, request: FailoverRequest) {
    this.#services = services;
    this.#request = request;
  }

  /** The proxy that the next attempt would take now. Takes nothing. */
  next(): Proxy | undefined {
    for (const wish of this.#wishes()) {
      const proxy = this.#services.selector.peek(wish);
      if (proxy !== undefined) return proxy;
    }
    return undefined;
  }

  /** Takes leave to use the proxy of the next attempt; `undefined` when none can be used. */
  take(): ProxyLease | undefined {
    for (const wish of this.#wishes()) {
      const lease = this.#takeBy(wish);
      if (lease === undefined) continue;
      this.#wish = { ...wish, exclude: new Set(wish.exclude) };
      this.#last = lease.proxy;
      this.#tried.add(lease.proxy);
      return lease;
    }
    return undefined;
  }

  #takeBy(wish: SelectionRequest<Proxy>): ProxyLease | undefined {
    const { pool, selector } = this.#services;
    const proxy = selector.choose(wish);
    if (proxy === undefined) return undefined;
    // What was chosen may have become unusable a moment ago: then any other will do.
    return pool.acquire(proxy) ?? this.#takeBy({ ...wish, exclude: new Set([...(wish.exclude ?? []), proxy]) });
  }

  /** Why the proxy that was taken last was chosen. */
  explain(): Explanation {
    return explainChoice(this.#services.selector, this.#wish, this.#last);
  }

  /** The error that says why there is no proxy. */
  emptyError(cause?: unknown): ProxyPoolEmptyError {
    const { pool, selector } = this.#services;
    const { tags = [], region, regionOnly = false } = this.#request;
    if (pool.size === 0) return new ProxyPoolEmptyError('The pool has no proxies. Add one first.', undefined, cause);
    const { waitMs } = selector;
    const retryAfterMs = waitMs === Number.POSITIVE_INFINITY ? undefined : waitMs;
    const wanted = [
      ...(regionOnly ? [`in the region ${region ?? ''}`] : []),
      ...tags.map((tag) => `with the tag ${tag}`),
    ];
    const message =
      wanted.length === 0
        ? 'All proxies are currently failing. Please wait for circuit breakers to recover.'
        : `No proxy ${wanted.join(' and ')} can be used now.`;
    return new ProxyPoolEmptyError(message, retryAfterMs, cause);
  }

  /** What to ask for, the best first. */
  *#wishes(): Generator<SelectionRequest<Proxy>> {
    const { region, regionOnly, session, tags, target } = this.#request;
    const { resting } = this.#services;
    const wish = { region, regionOnly, session, tags, isRetry: this.#last !== undefined };
    const accepts = resting.isEmpty ? undefined : (proxy: Proxy): boolean => !resting.has(proxy.id, target);
    yield { ...wish, exclude: this.#tried, accepts };
    if (accepts !== undefined) yield { ...wish, exclude: this.#tried };
    if (this.#last === undefined) return;
    if (this.#tried.size > 1) yield { ...wish, exclude: new Set([this.#last]) };
    yield wish;
  }
}
