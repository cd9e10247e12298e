import type {
  BreakerEventJson,
  Call,
  CheckJson,
  CircuitBreakerJson,
  ConfigJson,
  HistoryPoint,
  PolicyJson,
  ProxyRow,
  ProxyStatsJson,
} from '@mulligan/proxy';

/** What a new proxy is described by; `url` may hold credentials. */
export type NewProxy = Pick<ProxyRow, 'url'> &
  Partial<
    Pick<ProxyRow, 'id' | 'region' | 'tags' | 'weight' | 'cost' | 'max_concurrent' | 'rate_per_second' | 'paused'>
  >;

/** An answer of the API that is not a success; its message is a sentence for people. */
export class ApiFailure extends Error {
  override name = 'ApiFailure';
  readonly status: number;
  /** A sentence for each field that is wrong. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/** What became of something that was asked, in a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof ApiFailure ? error.message : 'the server cannot be reached';
}

interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly json?: unknown;
}

const proxyPath = (id: string): string => `proxies/${encodeURIComponent(id)}`;

/** Asks the REST API that serves this page. */
export class ApiClient {
  readonly token: string | undefined;

  constructor(token: string | undefined) {
    this.token = token;
  }

  async proxies(): Promise<readonly ProxyRow[]> {
    return (await this.#ask<{ proxies: ProxyRow[] }>('proxies')).proxies;
  }

  proxy(id: string): Promise<ProxyRow> {
    return this.#ask(proxyPath(id));
  }

  addProxy(proxy: NewProxy): Promise<ProxyRow> {
    return this.#ask('proxies', { method: 'POST', json: proxy });
  }

  pauseProxy(id: string, paused: boolean): Promise<ProxyRow> {
    return this.#ask(proxyPath(id), { method: 'PATCH', json: { paused } });
  }

  async removeProxy(id: string): Promise<void> {
    await this.#fetch(proxyPath(id), { method: 'DELETE' });
  }

  checkProxy(id: string): Promise<CheckJson> {
    return this.#ask(`${proxyPath(id)}/check`, { method: 'POST', json: {} });
  }

  resetBreaker(id: string): Promise<CircuitBreakerJson> {
    return this.#ask(`circuit-breakers/${encodeURIComponent(id)}/reset`, { method: 'POST' });
  }

  async calls(limit: number): Promise<readonly Call[]> {
    return (await this.#ask<{ requests: Call[] }>(`requests?limit=${limit}`)).requests;
  }

  call(id: string): Promise<Call> {
    return this.#ask(`requests/${encodeURIComponent(id)}`);
  }

  /** The last 24 hours, of all proxies or of one. */
  async history(proxyId: string | undefined): Promise<readonly HistoryPoint[]> {
    const query = proxyId === undefined ? '' : `&proxy_id=${encodeURIComponent(proxyId)}`;
    return (await this.#ask<{ points: HistoryPoint[] }>(`metrics/history?hours=24${query}`)).points;
  }

  async historyByProxy(): Promise<readonly ProxyStatsJson[]> {
    const { proxies } = await this.#ask<{ proxies: Record<string, ProxyStatsJson> }>(
      'metrics/retries/by-proxy?hours=24',
    );
    return Object.values(proxies);
  }

  async breakerEvents(): Promise<readonly BreakerEventJson[]> {
    return (await this.#ask<{ events: BreakerEventJson[] }>('circuit-breakers/metrics?hours=24')).events;
  }

  policy(): Promise<PolicyJson> {
    return this.#ask('retry/policy');
  }

  savePolicy(changes: Partial<PolicyJson>): Promise<PolicyJson> {
    return this.#ask('retry/policy', { method: 'PUT', json: changes });
  }

  config(): Promise<ConfigJson> {
    return this.#ask('config');
  }

  saveConfig(changes: unknown): Promise<ConfigJson> {
    return this.#ask('config', { method: 'PATCH', json: changes });
  }

  /** The stream of events, after the event with this id where there is one. */
  async events(signal: AbortSignal, lastId?: string): Promise<Response> {
    const headers = new Headers({ Accept: 'text/event-stream' });
    if (lastId !== undefined) headers.set('Last-Event-ID', lastId);
    return this.#fetch('events', { signal, headers });
  }

  async #ask<T>(path: string, { method = 'GET', json }: Question = {}): Promise<T> {
    const headers = new Headers(json === undefined ? {} : { 'Content-Type': 'application/json' });
    const body = json === undefined ? null : JSON.stringify(json);
    const response = await this.#fetch(path, { method, headers, body });
    return (await response.json()) as T;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== undefined) headers.set('X-API-Key', this.token);
    const response = await fetch(`api/v1/${path}`, { ...init, headers, cache: 'no-store' });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { message?: string; details?: Record<string, string> };
    throw new ApiFailure(response.status, body.message ?? `the server answered ${response.status}`, body.details);
  }
}
