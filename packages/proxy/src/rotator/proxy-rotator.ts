import {
  type BreakerSettings,
  type BreakerSnapshot,
  checkKeys,
  type CircuitBreaker,
  Emitter,
  InvalidOptionError,
  show,
  type World,
} from 'mulligan';
import type { Response } from 'undici';
import type { RetryMetrics } from '../metrics/index.ts';
import { BanRules, RetryPolicy, type RetryPolicyOptions } from '../policy/index.ts';
import type { Proxy, ProxyPool, ProxySettings } from '../pool/index.ts';
import {
  type Explanation,
  explainChoice,
  type SelectionRequest,
  type Strategy,
  type StrategyName,
} from '../select/index.ts';
import { type CheckOptions, checkProxy } from './check-proxy.ts';
import { Failover } from './failover.ts';
import type { ProxyRequestInit, ProxyRequestInput } from './fetch-request.ts';
import { type RotatorOptions, rotatorOptionNames } from './options.ts';
import type { ProxyEvent } from './proxy-event.ts';
import { ProxyFetch } from './proxy-fetch.ts';
import type { FailoverRequest, FailoverWork } from './request.ts';
import { type FailoverServices, makeServices } from './services.ts';
import type { CheckResult } from './summary.ts';

/**
 * Sends requests through a pool of proxies, and each retry through another one.
 *
 * @example
 * const rotator = new ProxyRotator({ proxies: ['http://proxy1.example.com:8080', 'socks5://proxy2.example.com'] });
 * const response = await rotator.get('https://api.example.com/data');
 */
export class ProxyRotator {
  /** Everything that happens here. */
  readonly events: Emitter<ProxyEvent> = new Emitter();
  readonly pool: ProxyPool;
  /** Whether every attempt goes straight to the target, without a proxy. */
  readonly isDirect: boolean;
  readonly world: World;
  /** Tells bans from answers. */
  readonly bans: BanRules;
  readonly #services: FailoverServices;
  readonly #failover: Failover;
  readonly #fetch: ProxyFetch;
  #policyUpdatedAt: number;

  /** @throws {InvalidOptionError} in a sentence, for an option that it cannot have */
  constructor(options: RotatorOptions = {}) {
    checkKeys('ProxyRotator', options, rotatorOptionNames);
    if (options.onEvent !== undefined) this.events.on(options.onEvent);
    this.#services = makeServices(options, this.events);
    this.pool = this.#services.pool;
    this.world = this.#services.world;
    this.isDirect = this.#services.isDirect;
    this.bans = new BanRules(options.bans);
    this.#failover = new Failover(this.#services, asPolicy(options.retryPolicy));
    this.#policyUpdatedAt = this.world.wallNow();
    this.#fetch = new ProxyFetch(this.#failover, this.bans, options);
    this.pool.watch({ added() {}, changed() {}, removed: (proxy) => this.#fetch.forget(proxy) });
  }

  /**
   * The policy of requests that bring none of their own. A new one is in force for the next request; options make a
   * whole policy, `retryPolicy.with(…)` one with some changes.
   */
  get retryPolicy(): RetryPolicy {
    return this.#failover.policy;
  }

  set retryPolicy(given: RetryPolicy | RetryPolicyOptions) {
    const policy = asPolicy(given);
    this.#failover.policy = policy;
    this.#policyUpdatedAt = this.world.wallNow();
    if (this.events.isHeard) this.events.emit({ type: 'policy.changed', at: this.#policyUpdatedAt, policy });
  }

  /** When the policy was last changed: wall-clock milliseconds since 1970-01-01 UTC. */
  get policyUpdatedAt(): number {
    return this.#policyUpdatedAt;
  }

  /** How the proxies of first attempts are chosen. A new strategy is in force for the next choice. */
  get strategy(): Strategy {
    return this.#services.selector.strategy;
  }

  set strategy(strategy: StrategyName | Strategy) {
    this.#services.selector.strategy = strategy;
  }

  /** How the proxies of retries are chosen. */
  get retryStrategy(): Strategy {
    return this.#services.selector.retryStrategy;
  }

  set retryStrategy(strategy: StrategyName | Strategy) {
    this.#services.selector.retryStrategy = strategy;
  }

  /** The settings of all breakers. Those named in an assignment change at once, everywhere; the others stay. */
  get breakerSettings(): BreakerSettings {
    return this.pool.breakerSettings;
  }

  set breakerSettings(changes: BreakerSettings) {
    this.pool.configureBreakers(changes);
  }

  /**
   * Does the work of one request, through one proxy after the other while that may help.
   * @throws {ProxyConnectionError} when all attempts failed, or the time is over
   * @throws {ProxyAuthenticationError} when the last proxy rejected its credentials
   * @throws {ProxyPoolEmptyError} at once when no proxy can be used
   */
  failover<T>(request: FailoverRequest, work: FailoverWork<T>): Promise<T> {
    return this.#failover.run(request, work);
  }

  /** Says which proxy a request would get now, and why the others not. Looks at all of them. */
  explain(request: Omit<SelectionRequest<Proxy>, 'exclude' | 'accepts'> = {}): Explanation {
    return explainChoice(this.#services.selector, request);
  }

  /** Adds a proxy; the next request may use it. @throws {InvalidOptionError} for bad settings or an id that is taken */
  addProxy(settings: string | ProxySettings): Proxy {
    return this.pool.add(settings);
  }

  /** Takes a proxy out; requests that use it run to their end. Returns whether there was one. */
  removeProxy(id: string): boolean {
    return this.pool.remove(id);
  }

  /**
   * Checks a proxy now, whatever its breaker says. What is found counts like any other attempt, and a proxy that works
   * although its breaker is open is back in use at once.
   * @throws {InvalidOptionError} when there is no such proxy
   */
  async checkProxy(id: string, options: CheckOptions = {}): Promise<CheckResult> {
    const result = await checkProxy({ ...this.#services, fetch: this.#fetch }, this.#proxy(id), options);
    if (this.events.isHeard) this.events.emit({ type: 'proxy.checked', ...result });
    return result;
  }

  /** How many retries the requests to this target may make together now; `undefined` where nothing bounds them. */
  retriesLeft(target: string): number | undefined {
    return this.#services.budgets?.for(target).balance;
  }

  /** What was tried, and how it went. */
  getRetryMetrics(): RetryMetrics {
    return this.#services.metrics;
  }

  /** The breakers themselves, by the ids of their proxies. */
  get circuitBreakers(): ReadonlyMap<string, CircuitBreaker> {
    return new Map(this.pool.list().map(({ id, breaker }) => [id, breaker]));
  }

  /** What can be said of every breaker now, by the ids of their proxies. */
  getCircuitBreakerStates(): ReadonlyMap<string, BreakerSnapshot> {
    return new Map(this.pool.list().map(({ id, breaker }) => [id, breaker.snapshot()]));
  }

  /** Closes a breaker, with nothing counted. @throws {InvalidOptionError} when there is no such proxy */
  resetCircuitBreaker(id: string): void {
    this.#proxy(id).breaker.reset();
    if (this.events.isHeard) this.events.emit({ type: 'breaker.reset', at: this.world.wallNow(), proxyId: id });
  }

  #proxy(id: string): Proxy {
    const proxy = this.pool.get(id);
    if (proxy !== undefined) return proxy;
    throw new InvalidOptionError('id', id, `the pool has no proxy ${show(id)}`);
  }

  /** Removes every proxy whose breaker is open. Returns how many there were. */
  clearUnhealthyProxies(): number {
    const unhealthy = this.pool.list().filter(({ breaker: { state } }) => state === 'open' || state === 'isolated');
    for (const { id } of unhealthy) this.pool.remove(id);
    return unhealthy.length;
  }

  /**
   * `fetch` over the proxies. Statuses that the policy retries are failures while there is another attempt to make;
   * of a request that may be made but once, the response is handed on.
   * @throws what {@link ProxyRotator.failover} throws
   */
  async fetch(input: ProxyRequestInput, init?: ProxyRequestInit): Promise<Response> {
    return this.#fetch.fetch(input, init);
  }

  get(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'GET' });
  }

  head(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'HEAD' });
  }

  options(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'OPTIONS' });
  }

  /** Without `retryNonIdempotent` in the policy, it is sent once. */
  post(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'POST' });
  }

  put(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'PUT' });
  }

  /** Without `retryNonIdempotent` in the policy, it is sent once. */
  patch(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'PATCH' });
  }

  delete(url: string | URL, init?: ProxyRequestInit): Promise<Response> {
    return this.fetch(url, { ...init, method: 'DELETE' });
  }

  /** Ends all transfers of `fetch`, closes their connections, and writes down what is kept in a file. */
  async close(): Promise<void> {
    this.#services.persisted?.close();
    await this.#fetch.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function asPolicy(policy: RetryPolicy | RetryPolicyOptions | undefined): RetryPolicy {
  return policy instanceof RetryPolicy ? policy : new RetryPolicy(policy);
}
