import type { Call, ProxyRow, Status } from '@mulligan/proxy';
import { ApiClient, ApiFailure } from '../api/client.ts';
import { forgetToken } from '../api/token.ts';
import type { ServerEvent } from '../api/event-parser.ts';
import { LiveConnection } from '../api/live-connection.ts';
import { callsKept } from './reduce.ts';
import type { Store } from './store.ts';

/** One visit of the page: what comes from the server goes into the store, and what the person does to the server. */
export class Session {
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #live: LiveConnection;

  constructor(store: Store, token: string | undefined) {
    this.#store = store;
    this.#client = new ApiClient(token);
    store.dispatch({ type: 'token', hasToken: token !== undefined });
    this.#live = new LiveConnection(this.#client, {
      onConnection: (connection) => store.dispatch({ type: 'connection', connection }),
      onOpen: (isResumed) => void this.#load(isResumed),
      onEvent: (event) => this.#hear(event),
    });
  }

  start(): void {
    void this.#live.run();
  }

  reconnect(): void {
    this.#live.retryNow();
  }

  async resetBreaker(id: string): Promise<void> {
    const store = this.#store;
    store.dispatch({ type: 'breaker.busy', id, isBusy: true });
    try {
      await this.#client.resetBreaker(id);
      store.dispatch({ type: 'proxies.changed', rows: [await this.#client.proxy(id)], at: performance.now() });
      store.dispatch({ type: 'notice', notice: { kind: 'done', text: `The breaker of ${id} is closed again.` } });
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) this.#forgetToken();
      store.dispatch({ type: 'notice', notice: { kind: 'failed', text: `Not reset: ${reasonOf(error)}` } });
    } finally {
      store.dispatch({ type: 'breaker.busy', id, isBusy: false });
    }
  }

  /** The server has another token, as after a restart. */
  #forgetToken(): void {
    forgetToken();
    this.#store.dispatch({ type: 'token', hasToken: false });
  }

  /** What happened to the proxies in between is not in the stream; the requests are, where it was resumed. */
  async #load(isResumed: boolean): Promise<void> {
    try {
      const rows = await this.#client.proxies();
      this.#store.dispatch({ type: 'proxies.loaded', rows, at: performance.now() });
      if (!isResumed) this.#store.dispatch({ type: 'calls.loaded', calls: await this.#client.calls(callsKept) });
    } catch {
      // The stream is about to fail for the same reason, and says so.
    }
  }

  #hear({ type, data }: ServerEvent): void {
    const value: unknown = JSON.parse(data);
    const store = this.#store;
    if (type === 'status') store.dispatch({ type: 'status', status: value as Status });
    else if (type === 'request') store.dispatch({ type: 'calls.came', calls: [value as Call] });
    else if (type === 'proxies') {
      const { proxies } = value as { proxies: ProxyRow[] };
      store.dispatch({ type: 'proxies.changed', rows: proxies, at: performance.now() });
    } else if (type === 'proxy.removed') {
      store.dispatch({ type: 'proxy.removed', id: (value as { proxy_id: string }).proxy_id });
    } else if (type === 'reset') void this.#load(false);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ApiFailure) return error.message;
  return 'the server cannot be reached';
}
