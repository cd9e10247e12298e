import { ApiFailure, type ApiClient } from './client.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';
import type { Connection } from '../state/state.ts';

// The server shows that it is alive every 15 s.
const silenceMs = 35_000;

/** What a {@link LiveConnection} tells. */
export interface LiveListener {
  /** @param isResumed whether the stream goes on where it was; otherwise what was known must be read again */
  onOpen(isResumed: boolean): void;
  onEvent(event: ServerEvent): void;
  onConnection(connection: Connection): void;
}

/** The wait before the next try to connect, growing from half a second to ten, with chance in it. */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.min(10_000, 500 * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/** Keeps a stream of events open for as long as the page lives. */
export class LiveConnection {
  readonly #client: ApiClient;
  readonly #listener: LiveListener;
  #lastId: string | undefined;
  #failures = 0;
  #lostAt = 0;
  #retry: (() => void) | undefined;

  constructor(client: ApiClient, listener: LiveListener) {
    this.#client = client;
    this.#listener = listener;
    addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.retryNow();
    });
  }

  async run(): Promise<void> {
    for (;;) {
      try {
        await this.#listen();
      } catch (error) {
        if (error instanceof ApiFailure && (error.status === 401 || error.status === 403)) {
          return this.#listener.onConnection({ phase: 'refused' });
        }
      }
      await this.#wait();
    }
  }

  /** Ends the wait for the next try. */
  retryNow(): void {
    this.#retry?.();
  }

  async #listen(): Promise<void> {
    const abort = new AbortController();
    let watchdog = setTimeout(() => abort.abort(), silenceMs);
    try {
      const response = await this.#client.events(abort.signal, this.#lastId);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      this.#listener.onConnection({ phase: 'live' });
      this.#listener.onOpen(this.#lastId !== undefined);
      this.#failures = 0;
      const parser = new EventParser();
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done || value === undefined) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), silenceMs);
        for (const event of parser.push(value)) this.#listener.onEvent(event);
        this.#lastId = parser.lastId ?? this.#lastId;
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  #wait(): Promise<void> {
    if (this.#failures++ === 0) this.#lostAt = Date.now();
    const delayMs = reconnectDelayMs(this.#failures, Math.random());
    this.#listener.onConnection({ phase: 'lost', since: this.#lostAt, retryAt: Date.now() + delayMs });
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#retry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
