import type { Timer, World } from 'mulligan';
import { redact } from '../address/index.ts';
import type { Proxy } from '../pool/index.ts';
import type { CheckOptions, ProxyRotator } from '../rotator/index.ts';
import { nextCheckMs } from './next-check.ts';
import { type HealthOptions, type HealthSettings, planHealth } from './plan.ts';

/** What is monitored. */
export type Monitored = Pick<ProxyRotator, 'pool' | 'world' | 'checkProxy'>;

/** What is known of one proxy by checking it. */
interface Watched {
  /** Failed checks in a row. */
  failures: number;
  /** Attempts begun when it was looked at last. */
  started: number;
  timer: Timer | undefined;
}

/**
 * Checks proxies that nobody uses, and those whose breaker is open, so that no request has to find out. A proxy that
 * stays dead is asked less and less often. What requests show needs no check: that is known anyway.
 */
export class HealthMonitor {
  readonly settings: HealthSettings;
  readonly #rotator: Monitored;
  readonly #world: World;
  readonly #check: CheckOptions;
  readonly #watched = new Map<Proxy, Watched>();
  readonly #waiting: Proxy[] = [];
  readonly #stop: () => void;
  #running = 0;

  /** Starts at once. @throws {InvalidOptionError} in a sentence */
  constructor(rotator: Monitored, options: HealthOptions = {}) {
    this.settings = planHealth(options);
    const { url, timeoutMs: timeout } = this.settings;
    this.#rotator = rotator;
    this.#world = rotator.world;
    this.#check = url === undefined ? { timeout } : { url, timeout };
    this.#stop = rotator.pool.watch({
      added: (proxy) => this.#added(proxy),
      removed: (proxy) => this.#removed(proxy),
      changed() {},
    });
  }

  /** Checks no more. A check under way runs to its end. */
  close(): void {
    this.#stop();
    for (const proxy of this.#watched.keys()) this.#removed(proxy);
    this.#waiting.length = 0;
  }

  #added(proxy: Proxy): void {
    const watched = { failures: 0, started: proxy.stats.started, timer: undefined };
    this.#watched.set(proxy, watched);
    // Spread over the interval: a thousand proxies must not be checked in one moment.
    this.#schedule(proxy, watched, this.settings.intervalMs * this.#world.random());
  }

  #removed(proxy: Proxy): void {
    this.#watched.get(proxy)?.timer?.cancel();
    this.#watched.delete(proxy);
  }

  #schedule(proxy: Proxy, watched: Watched, afterMs: number): void {
    watched.timer = this.#world.setTimer(() => this.#due(proxy, watched), afterMs);
    watched.timer.unref();
  }

  #due(proxy: Proxy, watched: Watched): void {
    const { reason, waitMs } = proxy.availability();
    const wasUsed = proxy.stats.started !== watched.started;
    watched.started = proxy.stats.started;
    const isClosed = proxy.breaker.state === 'closed';
    if (reason === 'breaker-open') this.#schedule(proxy, watched, Math.min(waitMs, this.settings.intervalMs));
    else if (reason !== undefined || (wasUsed && isClosed)) this.#schedule(proxy, watched, this.settings.intervalMs);
    else {
      this.#waiting.push(proxy);
      this.#run();
    }
  }

  #run(): void {
    while (this.#running < this.settings.concurrency) {
      const proxy = this.#waiting.shift();
      if (proxy === undefined) return;
      const watched = this.#watched.get(proxy);
      if (watched === undefined) continue;
      this.#running++;
      void this.#checkOne(proxy, watched).finally(() => {
        this.#running--;
        this.#run();
      });
    }
  }

  async #checkOne(proxy: Proxy, watched: Watched): Promise<void> {
    const isWorking = await this.#rotator.checkProxy(proxy.id, this.#check).then((result) => result.isWorking, failed);
    if (this.#watched.get(proxy) !== watched) return;
    watched.failures = isWorking ? 0 : watched.failures + 1;
    watched.started = proxy.stats.started;
    const { random } = this.#world;
    this.#schedule(proxy, watched, nextCheckMs(watched.failures, this.settings, random));
  }
}

/** A check that cannot be made at all, such as of a URL that is none, must not end the monitoring. */
function failed(error: unknown): false {
  console.warn(`mulligan: a proxy cannot be checked: ${redact(String(error))}`);
  return false;
}
