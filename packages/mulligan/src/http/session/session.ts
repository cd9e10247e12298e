import { checkKeys, type EventListener, InvalidOptionError, show } from '../../kernel/index.ts';
import { addressOf } from '../address.ts';
import { type FetchInit, type FetchInput, isRequest } from '../body.ts';
import { createFetch, wasGivenUp } from '../fetch.ts';
import type { FetchFunction, ResilientFetch } from '../options.ts';
import { fetchOptionNames } from '../plan.ts';
import { proxyFetch } from '../proxy/proxy-fetch.ts';
import { sessionLog, type SessionLogger } from './log.ts';
import type { Session, SessionInit, SessionOptions } from './options.ts';
import { followSafely } from './redirect.ts';
import { HttpStatusError, raiseForStatus } from './status-error.ts';

/**
 * Makes a session: requests that have an address, headers and a policy in common. Connections are reused as the
 * platform's `fetch` does. At GitHub's API a limit that is too long for waiting is a `GitHubRateLimitError`.
 *
 * @example
 * const session = createSession({ baseUrl: 'https://api.example.com/v1', retry: 5, timeout: '30s' });
 * const users = await session.json<User[]>('/users', { params: { page: 2 } });
 * await session.post('/users', { json: { name: 'Ada' }, headers: { 'Idempotency-Key': key } });
 */
export function createSession(options: SessionOptions = {}): Session {
  const fetch = sessionFetch(options);
  const request = (method: string, url: FetchInput, init: SessionInit = {}): Promise<Response> =>
    fetch(withParams(url, init.params), { ...withJson(init), method });
  const { baseUrl, log } = options;
  return {
    baseUrl: baseUrl === undefined ? undefined : readBase(baseUrl),
    log,
    fetch,
    request,
    get: (url, init) => request('GET', url, init),
    head: (url, init) => request('HEAD', url, init),
    post: (url, init) => request('POST', url, init),
    put: (url, init) => request('PUT', url, init),
    patch: (url, init) => request('PATCH', url, init),
    delete: (url, init) => request('DELETE', url, init),
    json: async (url, init) => {
      const method = init?.method ?? (isRequest(url) ? url.method : 'GET');
      return raiseForStatus(await request(method, url, { ...init, buffer: true })).json();
    },
  };
}

const ownNames: readonly (keyof SessionOptions)[] = [
  'baseUrl',
  'headers',
  'auth',
  'raiseOnStatus',
  'proxy',
  'init',
  'log',
];

function sessionFetch(options: SessionOptions): ResilientFetch {
  checkKeys('createSession', options, [...fetchOptionNames, ...ownNames]);
  const { baseUrl, headers, auth, raiseOnStatus = false, proxy, init: common, log, ...own } = options;
  const base = baseUrl === undefined ? undefined : readBase(baseUrl);
  const github = own.github === false ? false : ({ endsWith: 'error', ...own.github } as const);
  const send = createFetch({ ...own, ...throughProxy(proxy, own.fetch), github, ...listeners(own.onEvent, log) });
  return async function fetch(given: FetchInput, init?: FetchInit | null): Promise<Response> {
    const input = isRequest(given) ? given : resolve(String(given), base);
    const url = isRequest(input) ? input.url : input;
    const { origin } = addressOf(url);
    const merged = new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined));
    const added = addMissing(merged, origin.startsWith('http') ? await auth?.get(url) : undefined);
    if (base === undefined || new URL(base).origin === origin) added.push(...addMissing(merged, headers));
    const response = await followSafely(send, input, { ...common, ...init, headers: merged }, added);
    if (raiseOnStatus && wasGivenUp(response)) throw new HttpStatusError(response);
    return response;
  };
}

function throughProxy(proxy: string | URL | undefined, fetch: unknown): { fetch?: FetchFunction } {
  if (proxy === undefined) return {};
  if (fetch === undefined) return { fetch: proxyFetch(proxy) };
  throw new InvalidOptionError(
    'proxy',
    undefined,
    'proxy is for the fetch of the platform: tell yours itself about it',
  );
}

function readBase(baseUrl: string | URL): string {
  if (URL.canParse(baseUrl)) return new URL(baseUrl).href.replace(/\/$/, '');
  throw new InvalidOptionError('baseUrl', baseUrl, `baseUrl must be an absolute URL, got ${show(baseUrl)}`);
}

/** What is absolute stays as it is; everything else goes below the base. */
function resolve(address: string, base: string | undefined): string {
  return base === undefined || URL.canParse(address) ? address : `${base}/${address.replace(/^\//, '')}`;
}

function listeners(onEvent: EventListener | undefined, log: SessionLogger | undefined): { onEvent?: EventListener } {
  if (log === undefined) return onEvent === undefined ? {} : { onEvent };
  const write = sessionLog(log);
  return {
    onEvent: (event) => {
      write(event);
      onEvent?.(event);
    },
  };
}

/** Adds headers that are not there yet. Returns the names of those that it added. */
function addMissing(headers: Headers, more: RequestInit['headers']): string[] {
  const missing = [...new Headers(more)].filter(([name]) => !headers.has(name));
  for (const [name, value] of missing) headers.set(name, value);
  return missing.map(([name]) => name);
}

function withParams(url: FetchInput, params: SessionInit['params']): FetchInput {
  if (params === undefined || isRequest(url)) return url;
  const [, path = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(String(url)) ?? [];
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(params)) if (value !== undefined) search.append(name, String(value));
  return search.size === 0 ? `${path}${hash}` : `${path}?${search}${hash}`;
}

function withJson(init: SessionInit): FetchInit {
  const { json } = init;
  if (json === undefined) return init;
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return { ...init, headers, body: JSON.stringify(json) };
}
