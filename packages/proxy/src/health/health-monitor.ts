import { checkDuration, checkKeys, checkNumber, type Duration, type Timer, type World } from 'mulligan';
import type { Proxy } from '../pool/index.ts';
import type { CheckOptions, ProxyRotator } from '../rotator/index.ts';
import { nextCheckMs } from './next-check.ts';

/** Options of {@link HealthMonitor}. Every one has a default. */
export interface HealthOptions extends CheckOptions {
  /** How often a proxy is checked that no request has used in that time. @default '1m' */
  readonly interval?: Duration;
  /** How long after its first failed check a proxy is checked again; twice as long after each further one. @default '30s' */
  readonly deadInterval?: Duration;
  /** The longest wait between checks of a proxy that does not work. @default '1h' */
  readonly maxDeadInterval?: Duration;
  /** How many checks run at the same time. @default 10 */
  readonly concurrency?: number;
}

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

const optionNames = Object.keys({
  url: true,
  timeout: true,
  interval: true,
  deadInterval: true,
  maxDeadInterval: true,
  concurrency: true,
} satisfies Record<keyof HealthOptions, true>);

/**
 * Checks proxies that nobody uses, and those whose breaker is open, so that no request has to find out. A proxy that
 * stays dead is asked less and less often. What requests show needs no check: that is known anyway.
 */
export class HealthMonitor {
  readonly #rotator: Monitored;
  readonly #world: World;
  readonly #check: CheckOptions;
  readonly #intervalMs: number;
  readonly #deadMs: number;
  readonly #maxDeadMs: number;
  readonly #concurrency: number;
  readonly #watched = new Map<Proxy, Watched>();
  readonly #waiting: Proxy[] = [];
  readonly #stop: () => void;
  #running = 0;

  /** Starts at once. @throws {InvalidOptionError} in a sentence */
  constructor(rotator: Monitored, options: HealthOptions = {}) {
    checkKeys('HealthMonitor', options, optionNames);
    const { interval = '1m', deadInterval = '30s', maxDeadInterval = '1h', concurrency = 10, ...check } = options;
    this.#rotator = rotator;
    this.#world = rotator.world;
    this.#check = check;
    this.#intervalMs = checkDuration('interval', interval, 100);
    this.#deadMs = checkDuration('deadInterval', deadInterval, 100);
    this.#maxDeadMs = checkDuration('maxDeadInterval', maxDeadInterval, 100);
    this.#concurrency = checkNumber('concurrency', concurrency, { min: 1, whole: true });
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
    this.#schedule(proxy, watched, this.#intervalMs * this.#world.random());
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
    if (reason === 'breaker-open') this.#schedule(proxy, watched, Math.min(waitMs, this.#intervalMs));
    else if (reason !== undefined || (wasUsed && isClosed)) this.#schedule(proxy, watched, this.#intervalMs);
    else {
      this.#waiting.push(proxy);
      this.#run();
    }
  }

  #run(): void {
    while (this.#running < this.#concurrency) {
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
    const times = { intervalMs: this.#intervalMs, deadMs: this.#deadMs, maxDeadMs: this.#maxDeadMs };
    this.#schedule(proxy, watched, nextCheckMs(watched.failures, times, random));
  }
}

/** A check that cannot be made at all, such as of a URL that is none, must not end the monitoring. */
function failed(error: unknown): false {
  console.warn('mulligan: a proxy cannot be checked', error);
  return false;
}
