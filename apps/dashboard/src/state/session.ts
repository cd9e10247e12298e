import type { Call, ConfigJson, PolicyJson, ProxyRow, Status } from '@mulligan/proxy';
import { ApiClient, ApiFailure, reasonOf } from '../api/client.ts';
import type { ServerEvent } from '../api/event-parser.ts';
import { LiveConnection } from '../api/live-connection.ts';
import { forgetToken } from '../api/token.ts';
import { callsKept } from './reduce.ts';
import type { Notice } from './state.ts';
import type { Store } from './store.ts';

/** One visit of the page: what comes from the server goes into the store. What the person does is in the deeds. */
export class Session {
  readonly api: ApiClient;
  readonly store: Store;
  readonly #live: LiveConnection;

  constructor(store: Store, token: string | undefined) {
    this.store = store;
    this.api = new ApiClient(token);
    store.dispatch({ type: 'token', hasToken: token !== undefined });
    this.#live = new LiveConnection(this.api, {
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

  tell(notice: Notice | undefined): void {
    this.store.dispatch({ type: 'notice', notice });
  }

  /** Tells of something that did not work. The server has another token, as after a restart, where it says 401. */
  tellFailure(what: string, error: unknown): void {
    if (error instanceof ApiFailure && error.status === 401) {
      forgetToken();
      this.store.dispatch({ type: 'token', hasToken: false });
    }
    this.tell({ kind: 'failed', text: `${what}: ${reasonOf(error)}` });
  }

  async loadSettings(): Promise<void> {
    const [policy, config] = await Promise.all([this.api.policy(), this.api.config()]);
    this.store.dispatch({ type: 'settings', settings: { policy, config } });
  }

  receive(...rows: ProxyRow[]): void {
    this.store.dispatch({ type: 'proxies.changed', rows, at: performance.now() });
  }

  /** What happened to the proxies in between is not in the stream; the requests are, where it was resumed. */
  async #load(isResumed: boolean): Promise<void> {
    try {
      const rows = await this.api.proxies();
      this.store.dispatch({ type: 'proxies.loaded', rows, at: performance.now() });
      if (!isResumed) this.store.dispatch({ type: 'calls.loaded', calls: await this.api.calls(callsKept) });
      if (this.store.state.settings !== undefined) await this.loadSettings();
    } catch {
      // The stream is about to fail for the same reason, and says so.
    }
  }

  #hear({ type, data }: ServerEvent): void {
    const value: unknown = JSON.parse(data);
    const { store } = this;
    switch (type) {
      case 'status':
        return store.dispatch({ type: 'status', status: value as Status });
      case 'request':
        return store.dispatch({ type: 'calls.came', calls: [value as Call] });
      case 'proxies':
        return this.receive(...(value as { proxies: ProxyRow[] }).proxies);
      case 'proxy.removed':
        return store.dispatch({ type: 'proxy.removed', id: (value as { proxy_id: string }).proxy_id });
      case 'policy':
        return store.dispatch({ type: 'settings', settings: { policy: value as PolicyJson } });
      case 'config':
        return store.dispatch({ type: 'settings', settings: { config: value as ConfigJson } });
      case 'reset':
        return void this.#load(false);
      default:
    }
  }
}
