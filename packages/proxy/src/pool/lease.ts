import type { BreakerLease } from 'mulligan';
import { redact } from '../address/index.ts';
import type { Proxy } from './proxy.ts';

/**
 * What an attempt says about its proxy.
 *
 * - `'worked'`: the attempt succeeded
 * - `'failed'`: by the proxy's fault
 * - `'carried'`: the attempt failed, but the target's own answer came through: as a way to somewhere, the proxy works
 * - `'unknown'`: nothing, such as when the caller went away
 */
export type LeaseResult =
  | { readonly kind: 'worked'; readonly latencyMs: number }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'carried' }
  | { readonly kind: 'unknown' };

/** Whom a lease tells of its end. */
export interface LeaseKeeper {
  /** An attempt through this proxy ended; the latency is that of a success. */
  attempted(proxy: Proxy, latencyMs: number | undefined): void;
  /** Its statistics or its availability are not what they were. */
  changed(proxy: Proxy): void;
}

/**
 * Leave to use one proxy for one attempt. It is settled once, with what the attempt says about the proxy; the proxy is
 * in use until then, and for as long as somebody holds it.
 */
export class ProxyLease {
  readonly proxy: Proxy;
  readonly #breaker: BreakerLease;
  readonly #keeper: LeaseKeeper;
  #settled: LeaseResult | undefined;
  #brokenBy: Error | undefined;
  /** The attempt itself, and tunnels that outlive it. */
  #holders = 1;

  constructor(proxy: Proxy, breaker: BreakerLease, keeper: LeaseKeeper) {
    this.proxy = proxy;
    this.#breaker = breaker;
    this.#keeper = keeper;
  }

  /** Keeps the proxy in use beyond the attempt, as an open tunnel does, if it still is. Returns how to let go. */
  hold(): () => void {
    let isHeld = this.#holders > 0;
    if (isHeld) this.#holders++;
    return () => {
      if (isHeld) this.#letGo();
      isHeld = false;
    };
  }

  /** Only the first result counts. */
  settle(result: LeaseResult): void {
    if (this.#settled !== undefined) return;
    const broken = result.kind === 'worked' ? this.#brokenBy : undefined;
    this.#settled = broken === undefined ? result : { kind: 'failed', error: broken };
    this.#charge(this.#settled);
    this.#keeper.attempted(this.proxy, this.#settled.kind === 'worked' ? this.#settled.latencyMs : undefined);
    this.#letGo();
  }

  /**
   * What looked like a success, such as a response that had begun, was broken off by the proxy's fault after all: it
   * counts as a failure.
   */
  breakOff(error: Error): void {
    const isFirst = this.#brokenBy === undefined;
    this.#brokenBy ??= error;
    if (!isFirst || this.#settled?.kind !== 'worked') return;
    this.proxy.stats.brokeOff(redact(error.message));
    this.proxy.breaker.tryAcquire()?.failure(error);
    this.#keeper.changed(this.proxy);
  }

  #charge(result: LeaseResult): void {
    const { stats } = this.proxy;
    switch (result.kind) {
      case 'worked':
        stats.succeeded(result.latencyMs);
        return this.#breaker.success();
      case 'failed':
        stats.failed(redact(result.error.message));
        return this.#breaker.failure(result.error);
      case 'carried':
        return this.#breaker.success();
      case 'unknown':
        return this.#breaker.release();
    }
  }

  #letGo(): void {
    if (--this.#holders === 0) this.proxy.stats.inFlight--;
    this.#keeper.changed(this.proxy);
  }
}
