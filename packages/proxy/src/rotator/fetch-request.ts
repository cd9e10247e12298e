import type { ReadableStream } from 'node:stream/web';
import { type Duration, InvalidOptionError, show } from 'mulligan';
import { FormData, type RequestInit } from 'undici';
import type { RetryPolicy } from '../policy/index.ts';
import { SpooledBody } from './spooled-body.ts';

/** What `fetch` of a rotator takes besides what every `fetch` takes. */
export interface ProxyRequestInit extends Omit<RequestInit, 'dispatcher' | 'signal'> {
  /** `undefined` is the rotator's policy, `null` one attempt. */
  readonly retryPolicy?: RetryPolicy | null | undefined;
  /** Prefers proxies of this region. */
  readonly region?: string | undefined;
  /** Takes no proxies of other regions. @default false */
  readonly regionOnly?: boolean | undefined;
  /** Takes only proxies that have all of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Requests of one session stay with one proxy while it works. */
  readonly session?: string | undefined;
  /** Tells with the events of each attempt why its proxy was chosen, and the others not. @default false */
  readonly explain?: boolean | undefined;
  /** The time of the whole request up to the head of its response, waits included. @default the policy's */
  readonly timeout?: Duration | undefined;
  /** The time of one attempt up to the head of its response. @default the rotator's */
  readonly attemptTimeout?: Duration | undefined;
  /** Ends the request, and the transfer of its body. */
  readonly signal?: AbortSignal | null | undefined;
}

/** A `Request` of any make: the platform's and undici's are different classes. */
interface RequestLike {
  readonly url: string;
  readonly method: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: ReadableStream | null;
  readonly signal: AbortSignal;
  readonly redirect: NonNullable<RequestInit['redirect']>;
}

/** What `fetch` of a rotator takes. */
export type ProxyRequestInput = string | URL | RequestLike;

/** A request in one fixed shape. */
export interface FetchRequest {
  readonly url: URL;
  readonly method: string;
  /** `host:port` */
  readonly target: string;
  readonly init: ProxyRequestInit;
  /** The body where it can be read only once. */
  readonly spooled: SpooledBody | undefined;
}

const defaultPort = { 'http:': '80', 'https:': '443' } as const;

/** Reads what `fetch` was given. @throws {InvalidOptionError} for a URL that is none, or of another protocol */
export function readRequest(input: ProxyRequestInput, own: ProxyRequestInit = {}): FetchRequest {
  const isRequest = typeof input === 'object' && !(input instanceof URL);
  const init = isRequest ? { ...initOf(input), ...own } : own;
  const url = readUrl(isRequest ? input.url : input);
  const port = url.port === '' ? defaultPort[url.protocol as keyof typeof defaultPort] : url.port;
  return {
    url,
    method: (init.method ?? 'GET').toUpperCase(),
    target: `${url.hostname}:${port}`,
    ...withBody(init),
  };
}

function initOf({ method, headers, body, signal, redirect }: RequestLike): ProxyRequestInit {
  const rest = { method, headers: [...headers], signal, redirect };
  return body === null ? rest : { ...rest, body };
}

function withBody(init: ProxyRequestInit): Pick<FetchRequest, 'init' | 'spooled'> {
  const body: unknown = init.body;
  if (typeof body !== 'object' || body === null) return { init, spooled: undefined };
  if (Symbol.asyncIterator in body) return { init, spooled: new SpooledBody(body as AsyncIterable<unknown>) };
  if (!(body instanceof globalThis.FormData) || body instanceof FormData) return { init, spooled: undefined };
  return { init: { ...init, body: copyForm(body) }, spooled: undefined };
}

/** The platform's `FormData` is another class than undici's, which would send it as text. */
function copyForm(body: globalThis.FormData): FormData {
  const form = new FormData();
  for (const [name, value] of body.entries()) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return form;
}

function readUrl(input: string | URL): URL {
  const shown = String(input);
  const url = URL.canParse(shown) ? new URL(shown) : undefined;
  if (url !== undefined && Object.hasOwn(defaultPort, url.protocol)) return url;
  throw new InvalidOptionError('url', shown, `the URL of a request must be an http: or https: URL, got ${show(shown)}`);
}
