import type { FetchInit, FetchInput } from '../body.ts';
import type { FetchOptions, ResilientFetch } from '../options.ts';
import type { SessionAuth } from './auth.ts';
import type { SessionLogger } from './log.ts';

/** The options of {@link createSession}: those of `createFetch`, and what all requests have in common. */
export interface SessionOptions extends FetchOptions {
  /** Where relative addresses begin: `'/users'` below `'https://api.example.com/v1'` is `…/v1/users`. */
  readonly baseUrl?: string | URL;
  /** Sent with each request that does not set them itself; with `baseUrl`, only to its origin. */
  readonly headers?: RequestInit['headers'];
  /** Who to be at which host. Nobody by default; see `environmentAuth`. */
  readonly auth?: SessionAuth;
  /** Throws an `HttpStatusError` when retrying a status is given up, in place of returning the response. @default false */
  readonly raiseOnStatus?: boolean;
  /**
   * An HTTP proxy, such as `'http://user:password@proxy.example.com:8080'`, or `'environment'` for what `HTTPS_PROXY`,
   * `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say; see `proxyFetch`. None by default.
   */
  readonly proxy?: string | URL;
  /** What all requests have in common beside headers, such as undici's `dispatcher`. */
  readonly init?: Omit<FetchInit, 'headers' | 'body' | 'method'>;
  /** Gets a line for each retry and each failure, such as `console`. None by default. */
  readonly log?: SessionLogger;
}

/** What a request of a {@link Session} takes. */
export interface SessionInit extends FetchInit {
  /** Is sent as JSON in place of a body. */
  readonly json?: unknown;
  /** Is added to the query; `undefined` leaves one out. */
  readonly params?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Requests that have an address, headers and a policy in common. */
export interface Session {
  /** Where its relative addresses begin. */
  readonly baseUrl: string | undefined;
  /** Where it writes. */
  readonly log: SessionLogger | undefined;
  /** The `fetch` of this session, to hand to others. */
  readonly fetch: ResilientFetch;
  request(method: string, url: FetchInput, init?: SessionInit): Promise<Response>;
  get(url: FetchInput, init?: SessionInit): Promise<Response>;
  head(url: FetchInput, init?: SessionInit): Promise<Response>;
  post(url: FetchInput, init?: SessionInit): Promise<Response>;
  put(url: FetchInput, init?: SessionInit): Promise<Response>;
  patch(url: FetchInput, init?: SessionInit): Promise<Response>;
  delete(url: FetchInput, init?: SessionInit): Promise<Response>;
  /**
   * Gets JSON, or whatever `method` says. An answer that breaks off is retried.
   * @throws {HttpStatusError} for a status of 400 or more
   */
  json<T = unknown>(url: FetchInput, init?: SessionInit): Promise<T>;
}
