import type { Call, CircuitBreakerJson, ProxyRow } from '@mulligan/proxy';

/** An answer of the API that is not a success; its message is a sentence for people. */
export class ApiFailure extends Error {
  override name = 'ApiFailure';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks the REST API that serves this page. */
export class ApiClient {
  readonly token: string | undefined;

  constructor(token: string | undefined) {
    this.token = token;
  }

  async proxies(): Promise<readonly ProxyRow[]> {
    const { proxies } = await this.#ask<{ proxies: ProxyRow[] }>('GET', 'proxies');
    return proxies;
  }

  async calls(limit: number): Promise<readonly Call[]> {
    const { requests } = await this.#ask<{ requests: Call[] }>('GET', `requests?limit=${limit}`);
    return requests;
  }

  async proxy(id: string): Promise<ProxyRow> {
    return this.#ask('GET', `proxies/${encodeURIComponent(id)}`);
  }

  async resetBreaker(id: string): Promise<CircuitBreakerJson> {
    return this.#ask('POST', `circuit-breakers/${encodeURIComponent(id)}/reset`);
  }

  /** The stream of events, after the event with this id where there is one. */
  async events(signal: AbortSignal, lastId?: string): Promise<Response> {
    const headers = new Headers({ Accept: 'text/event-stream' });
    if (lastId !== undefined) headers.set('Last-Event-ID', lastId);
    return this.#fetch('events', { signal, headers });
  }

  async #ask<T>(method: string, path: string): Promise<T> {
    const response = await this.#fetch(path, { method, headers: new Headers() });
    return (await response.json()) as T;
  }

  async #fetch(path: string, init: RequestInit & { headers: Headers }): Promise<Response> {
    if (this.token !== undefined) init.headers.set('X-API-Key', this.token);
    const response = await fetch(`api/v1/${path}`, { ...init, cache: 'no-store' });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { message?: string };
    throw new ApiFailure(response.status, body.message ?? `the server answered ${response.status}`);
  }
}
