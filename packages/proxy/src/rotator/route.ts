import type { Proxy, ProxyLease, ProxyPool } from '../pool/index.ts';
import { type Explanation, explainChoice, type SelectionRequest, type Selector } from '../select/index.ts';
import { allFailing, ProxyPoolEmptyError } from './error.ts';
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
  /** What was asked for when it was taken, for whoever wants that explained. */
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
      if (this.#request.explain === true) this.#wish = { ...wish, exclude: new Set(wish.exclude) };
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
    const message = wanted.length > 0 ? `No proxy ${wanted.join(' and ')} can be used now.` : this.#whyNone();
    return new ProxyPoolEmptyError(message, retryAfterMs, cause);
  }

  #whyNone(): string {
    for (const { breaker } of this.#services.pool) {
      if (breaker.state === 'closed') return 'All proxies are failing, paused or at their limits now.';
    }
    return allFailing;
  }

  /** What to ask for, the best first. */
  #wishes(): readonly SelectionRequest<Proxy>[] {
    const { region, regionOnly, session, tags, target } = this.#request;
    const { resting } = this.#services;
    const last = this.#last;
    const wish = { region, regionOnly, session, tags, isRetry: last !== undefined };
    if (last === undefined && resting.isEmpty) return [wish];
    const another = { ...wish, exclude: this.#tried };
    const wishes: SelectionRequest<Proxy>[] = resting.isEmpty
      ? [another]
      : [{ ...another, accepts: (proxy) => !resting.has(proxy.id, target) }, another];
    if (last !== undefined && this.#tried.size > 1) wishes.push({ ...wish, exclude: new Set([last]) });
    if (last !== undefined) wishes.push(wish);
    return wishes;
  }
}
