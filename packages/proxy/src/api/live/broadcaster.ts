import type { Timer, World } from 'mulligan';
import type { Proxy, ProxyPool } from '../../pool/index.ts';
import { EventLog } from './event-log.ts';
import { encodeMessage, Feed, type FeedMessage } from './feed.ts';

const tickMs = 1000;

// Per second: what a page can show. The figures count all of them.
const mostSent: Readonly<Record<string, number>> = { request: 100, 'proxy.checked': 100 };

const proxiesSent = 500;

/** What a {@link Broadcaster} reads for its regular messages. */
export interface BroadcastSource {
  readonly pool: ProxyPool;
  readonly world: World;
  status(): unknown;
  proxy(proxy: Proxy): unknown;
}

/**
 * Sends what happens to everyone who listens. Events have ids and are kept for those who lost their connection;
 * besides, every second brings the status and the proxies that changed. Nothing is done while nobody listens, but
 * for keeping the newest events.
 */
export class Broadcaster {
  readonly #source: BroadcastSource;
  readonly #log = new EventLog();
  readonly #feeds = new Set<Feed>();
  readonly #changed = new Set<Proxy>();
  #stopWatching: (() => void) | undefined;
  #tick: Timer | undefined;
  readonly #sentThisTick = new Map<string, number>();

  constructor(source: BroadcastSource) {
    this.#source = source;
  }

  /** Opens a stream: the status, then what was missed since that event, then everything new. */
  open(lastEventId?: string): ReadableStream<Uint8Array> {
    const feed: Feed = new Feed(this.#source.world, () => this.#left(feed));
    feed.send(encodeMessage({ type: 'status', data: this.#source.status() }));
    if (lastEventId !== undefined) {
      const missed = this.#log.since(lastEventId) ?? [{ type: 'reset', data: {} }];
      for (const message of missed) feed.send(encodeMessage(message));
    }
    this.#feeds.add(feed);
    if (this.#feeds.size === 1) this.#start();
    return feed.stream;
  }

  /** Sends an event and keeps it for those who lost their connection. */
  publish(type: string, data: unknown): void {
    const most = mostSent[type];
    if (most !== undefined && this.#tick !== undefined) {
      const sent = this.#sentThisTick.get(type) ?? 0;
      if (sent >= most) return;
      this.#sentThisTick.set(type, sent + 1);
    }
    this.#send(this.#log.append(type, data));
  }

  /** Ends all streams. */
  close(): void {
    for (const feed of this.#feeds) feed.close();
  }

  #send(message: FeedMessage): void {
    if (this.#feeds.size === 0) return;
    const chunk = encodeMessage(message);
    for (const feed of this.#feeds) feed.send(chunk);
  }

  #left(feed: Feed): void {
    if (!this.#feeds.delete(feed) || this.#feeds.size > 0) return;
    this.#tick?.cancel();
    this.#tick = undefined;
    this.#stopWatching?.();
  }

  #start(): void {
    const note = (proxy: Proxy): void => void this.#changed.add(proxy);
    this.#stopWatching = this.#source.pool.watch({
      added: note,
      changed: note,
      removed: (proxy) => void this.#changed.delete(proxy),
    });
    // A new reader asks for all proxies itself.
    this.#changed.clear();
    this.#schedule();
  }

  #schedule(): void {
    this.#sentThisTick.clear();
    this.#tick = this.#source.world.setTimer(() => {
      this.#schedule();
      this.#send({ type: 'status', data: this.#source.status() });
      this.#sendChanged();
    }, tickMs);
    this.#tick.unref();
  }

  /** What does not fit goes with the next second. */
  #sendChanged(): void {
    if (this.#changed.size === 0) return;
    const proxies = [...this.#changed].slice(0, proxiesSent);
    for (const proxy of proxies) this.#changed.delete(proxy);
    this.#send({ type: 'proxies', data: { proxies: proxies.map((proxy) => this.#source.proxy(proxy)) } });
  }
}
