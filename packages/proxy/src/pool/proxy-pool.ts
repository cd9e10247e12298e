import {
  type BreakerSettings,
  checkNumber,
  type CircuitBreaker,
  circuitBreaker,
  Emitter,
  type EventListener,
  InvalidOptionError,
  type MulliganEvent,
  show,
  systemWorld,
  type World,
} from 'mulligan';
import { type ExportOptions, formatProxies } from './format-proxies.ts';
import { type LeaseKeeper, ProxyLease } from './lease.ts';
import { type LoadOptions, type LoadReport, loadProxies } from './load-proxies.ts';
import type { ProxyListSource } from './parse-proxies.ts';
import type { PoolEvent } from './pool-event.ts';
import { Proxy } from './proxy.ts';
import { RecentLatencies } from './recent-latencies.ts';
import { checkSettings, type ProxySettings } from './settings.ts';
import { settingsOf } from './settings-of.ts';

/** Options of {@link ProxyPool}. */
export interface ProxyPoolOptions {
  /** The settings of every proxy's breaker. @default five failures in 60 s open it for 30 s */
  readonly circuitBreaker?: BreakerSettings;
  /** How many of the newest attempts of the whole pool the latencies of the score come from. @default 100 */
  readonly history?: number;
  readonly world?: World;
}

/** Follows a pool closely: every change, also those that are no event, such as a request that ends. */
export interface PoolWatcher {
  added(proxy: Proxy): void;
  removed(proxy: Proxy): void;
  /** Its settings, statistics or availability are not what they were. */
  changed(proxy: Proxy): void;
}

/** The proxies, in the order in which they were added. */
export class ProxyPool {
  readonly events: Emitter<PoolEvent> = new Emitter();
  readonly #world: World;
  readonly #proxies = new Map<string, Proxy>();
  readonly #watchers = new Set<PoolWatcher>();
  readonly #history: RecentLatencies<Proxy>;
  readonly #keeper: LeaseKeeper;
  #breakerSettings: BreakerSettings;

  constructor(options: ProxyPoolOptions = {}) {
    this.#world = options.world ?? systemWorld;
    this.#breakerSettings = options.circuitBreaker ?? {};
    checkBreakerSettings(this.#breakerSettings);
    this.#history = new RecentLatencies(
      checkNumber('history', options.history ?? 100, { min: 1, max: 1_000_000, whole: true }),
    );
    this.#keeper = {
      attempted: (proxy, latencyMs) => {
        const forgotten = this.#history.note(proxy, latencyMs);
        if (forgotten !== undefined && forgotten !== proxy) this.#changed(forgotten);
      },
      changed: (proxy) => this.#changed(proxy),
    };
  }

  get size(): number {
    return this.#proxies.size;
  }

  get(id: string): Proxy | undefined {
    return this.#proxies.get(id);
  }

  has(id: string): boolean {
    return this.#proxies.has(id);
  }

  /** All proxies, in the order in which they were added. */
  list(): readonly Proxy[] {
    return [...this.#proxies.values()];
  }

  [Symbol.iterator](): MapIterator<Proxy> {
    return this.#proxies.values();
  }

  /** Adds a proxy. @throws {InvalidOptionError} for bad settings, and when its id is taken */
  add(settings: string | ProxySettings): Proxy {
    const profile = checkSettings(settings);
    if (this.#proxies.has(profile.id)) {
      const message = `the pool has a proxy ${show(profile.id)} already: remove it first, or give this one another id`;
      throw new InvalidOptionError('id', profile.id, message);
    }
    const breaker = this.#makeBreaker(profile.id, (event) => this.#heard(proxy, event));
    const proxy: Proxy = new Proxy(profile, breaker, this.#world);
    this.#proxies.set(proxy.id, proxy);
    for (const watcher of this.#watchers) watcher.added(proxy);
    warnOfTrust(proxy);
    this.#emit('pool.added', proxy);
    return proxy;
  }

  /** Takes a proxy out. Requests that use it run to their end. Returns whether there was one. */
  remove(id: string): boolean {
    const proxy = this.#proxies.get(id);
    if (proxy === undefined) return false;
    this.#proxies.delete(id);
    for (const watcher of this.#watchers) watcher.removed(proxy);
    this.#emit('pool.removed', proxy);
    return true;
  }

  /**
   * Changes a proxy; settings not named stay, and so do its statistics and its breaker. An id cannot be changed.
   * @throws {InvalidOptionError} for bad settings, and when there is no such proxy
   */
  update(id: string, changes: Partial<Omit<ProxySettings, 'id'>>): Proxy {
    const proxy = this.#proxies.get(id);
    if (proxy === undefined) throw new InvalidOptionError('id', id, `the pool has no proxy ${show(id)}`);
    if ('id' in changes) throw new InvalidOptionError('id', id, 'the id of a proxy cannot be changed: add it anew');
    proxy.adopt(checkSettings({ ...settingsOf(proxy), ...changes, id }));
    this.#changed(proxy);
    if (changes.tls !== undefined) warnOfTrust(proxy);
    this.#emit('pool.updated', proxy);
    return proxy;
  }

  /**
   * Brings in a list of proxies, ready or as text (one URL a line), CSV or JSON: adds what is new, changes what is
   * different, and keeps statistics and breakers. Bad entries are told of and left out.
   */
  load(list: ProxyListSource, options?: LoadOptions): LoadReport {
    return loadProxies(this, list, options);
  }

  /** Writes the proxies as a list that {@link ProxyPool.load} reads; without credentials unless asked for. */
  export(options: ExportOptions = {}): string {
    return formatProxies(this.list(), options);
  }

  /** Takes leave to use a proxy for one attempt; `undefined` when it cannot be used now. */
  acquire(proxy: Proxy): ProxyLease | undefined {
    const lease = proxy.tryAcquire();
    this.#changed(proxy);
    return lease === undefined ? undefined : new ProxyLease(proxy, lease, this.#keeper);
  }

  /** Follows the pool; the proxies that are in it already are added first. Returns how to stop. */
  watch(watcher: PoolWatcher): () => void {
    this.#watchers.add(watcher);
    for (const proxy of this.#proxies.values()) watcher.added(proxy);
    return () => void this.#watchers.delete(watcher);
  }

  /** What every proxy's breaker is set to. */
  get breakerSettings(): BreakerSettings {
    return this.#breakerSettings;
  }

  /** Changes the breakers of all proxies, at once; settings not named stay. @throws {InvalidOptionError} */
  configureBreakers(changes: BreakerSettings): void {
    const settings = { ...this.#breakerSettings, ...changes };
    checkBreakerSettings(settings);
    for (const proxy of this.#proxies.values()) proxy.breaker.configure(changes);
    this.#breakerSettings = settings;
  }

  #makeBreaker(name: string, onEvent: EventListener): CircuitBreaker {
    return circuitBreaker({ ...this.#breakerSettings, name, onEvent, world: this.#world });
  }

  #heard(proxy: Proxy, event: MulliganEvent): void {
    if (event.type !== 'breaker.transition' || this.#proxies.get(proxy.id) !== proxy) return;
    this.#changed(proxy);
    if (!this.events.isHeard) return;
    const { type, at, from, to, reason, failures } = event;
    this.events.emit({ type, at, proxyId: proxy.id, from, to, reason, failures });
  }

  #changed(proxy: Proxy): void {
    if (this.#proxies.get(proxy.id) !== proxy) return;
    for (const watcher of this.#watchers) watcher.changed(proxy);
  }

  #emit(type: 'pool.added' | 'pool.updated' | 'pool.removed', { id: proxyId }: Proxy): void {
    if (this.events.isHeard) this.events.emit({ type, at: this.#world.wallNow(), proxyId });
  }
}

/** A breaker that is made of the settings says what is wrong with them, before any proxy has them. */
function checkBreakerSettings(settings: BreakerSettings): void {
  circuitBreaker(settings);
}

/** Loud, because whoever is on the way to such a proxy can take its place, and read its credentials. */
function warnOfTrust({ id, tls }: Proxy): void {
  if (tls?.verify !== false) return;
  const message = `The certificate of the proxy ${id} is not checked: anybody on the way can read what is sent to it`;
  process.emitWarning(message, { type: 'SecurityWarning', code: 'MULLIGAN_PROXY_NOT_VERIFIED' });
}
