import { type BreakerLease, type CircuitBreaker, type World } from 'mulligan';
import type { ProxyAddress } from '../address/index.ts';
import type { DialTls } from '../dial/index.ts';
import { Pace } from './pace.ts';
import { ProxyStats } from './proxy-stats.ts';
import type { ProxyProfile } from './settings.ts';

/** Why a proxy cannot be used now. */
export type Unavailability = 'paused' | 'busy' | 'paced' | 'breaker-open' | 'half-open';

/** Whether a proxy can be used, and if not, why and for how long. */
export interface Availability {
  readonly reason: Unavailability | undefined;
  /** Milliseconds until it is worth asking again; `Infinity` when only a change helps, such as a request that ends. */
  readonly waitMs: number;
}

const available: Availability = Object.freeze({ reason: undefined, waitMs: 0 });
const unavailable = (reason: Unavailability, waitMs: number): Availability => ({ reason, waitMs });

/** One proxy of a pool: what was said of it, what is known of it, and its circuit breaker. */
export class Proxy {
  readonly id: string;
  readonly stats: ProxyStats = new ProxyStats();
  readonly breaker: CircuitBreaker;
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly addedAt: number;
  readonly #world: World;
  #profile: ProxyProfile;
  #pace: Pace;

  constructor(profile: ProxyProfile, breaker: CircuitBreaker, world: World) {
    this.id = profile.id;
    this.breaker = breaker;
    this.addedAt = world.wallNow();
    this.#world = world;
    this.#profile = profile;
    this.#pace = new Pace(profile.ratePerSecond);
  }

  get address(): ProxyAddress {
    return this.#profile.address;
  }

  /** The URL without credentials. */
  get url(): string {
    return this.#profile.address.toString();
  }

  get region(): string | undefined {
    return this.#profile.region;
  }

  get tags(): readonly string[] {
    return this.#profile.tags;
  }

  get weight(): number {
    return this.#profile.weight;
  }

  get cost(): number {
    return this.#profile.cost;
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.#profile.metadata;
  }

  /** `Infinity` without a limit. */
  get maxConcurrent(): number {
    return this.#profile.maxConcurrent;
  }

  /** `Infinity` without a limit. */
  get ratePerSecond(): number {
    return this.#profile.ratePerSecond;
  }

  get paused(): boolean {
    return this.#profile.paused;
  }

  /** How TLS to it is checked, where that was said for it alone. */
  get tls(): DialTls | undefined {
    return this.#profile.tls;
  }

  /** Share of its attempts that ended well; 0.5 before the first. */
  get successRate(): number {
    return this.stats.successRate;
  }

  /** Whether it can be used now. Takes nothing and changes nothing. */
  availability(): Availability {
    if (this.paused) return unavailable('paused', Number.POSITIVE_INFINITY);
    if (this.stats.inFlight >= this.maxConcurrent) return unavailable('busy', Number.POSITIVE_INFINITY);
    const { allowed, retryAfterMs } = this.breaker.peek();
    // A test of the breaker that runs now may end at any moment: its end is a change.
    if (!allowed && retryAfterMs === 0) return unavailable('half-open', Number.POSITIVE_INFINITY);
    if (!allowed) return unavailable('breaker-open', retryAfterMs);
    const paceMs = this.ratePerSecond === Number.POSITIVE_INFINITY ? 0 : this.#pace.waitMs(this.#world.now());
    return paceMs > 0 ? unavailable('paced', paceMs) : available;
  }

  /** Takes leave to make one attempt; `undefined` when it cannot be used now. */
  tryAcquire(): BreakerLease | undefined {
    if (this.availability().reason !== undefined) return undefined;
    const lease = this.breaker.tryAcquire();
    if (lease !== undefined) {
      if (this.ratePerSecond < Number.POSITIVE_INFINITY) this.#pace.take(this.#world.now());
      this.stats.started++;
      this.stats.inFlight++;
    }
    return lease;
  }

  /** Only the pool changes a proxy, so that everybody who must know of it does. */
  adopt(profile: ProxyProfile): void {
    if (profile.ratePerSecond !== this.ratePerSecond) this.#pace = new Pace(profile.ratePerSecond);
    this.#profile = profile;
  }
}
