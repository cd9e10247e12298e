import type { Duration, EventListener, Policy, RetryBudget, World } from '../kernel/index.ts';
import type { RetryOptions, TotalTimeout } from '../retry/index.ts';
import type { FetchInit, FetchInput } from './body.ts';
import type { IfHintTooLong } from './classify.ts';
import type { GitHubOptions } from './github.ts';
import type { IdempotencyKeyOptions } from './idempotency.ts';

/** What `fetch` is, as far as it is used here. */
export type FetchFunction = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** What {@link createFetch} makes: a `fetch`, which also takes a function that makes the body. */
export type ResilientFetch = typeof globalThis.fetch & ((input: FetchInput, init?: FetchInit) => Promise<Response>);

/** One thing for each origin, such as `retryBudget.keyed()` or `circuitBreaker.keyed()`. */
export interface PerOrigin<T> {
  /** @param origin such as `https://api.example.com` */
  for(origin: string): T;
}

/** How a fetch retries: the options of `retry`, but for those that belong to a single call. */
export type FetchRetryOptions = Omit<RetryOptions<Response>, 'signal' | 'passContext'>;

/** The options of {@link createFetch}. Every one has a default. */
export interface FetchOptions {
  /**
   * How to retry: the options of `retry`, how many attempts in all, or `false` for one attempt.
   * `on` and `onResult` say which outcomes deserve another attempt (`onResult`: beside `statuses`); whether a request
   * may be sent again, and not before when, is decided here all the same.
   * @default { attempts: 3, backoff: exponential() }
   */
  readonly retry?: FetchRetryOptions | number | false;
  /**
   * Total time until the headers of the response that is returned, waits included; see `retry`. Reading the body is
   * not limited by it. No limit by default.
   */
  readonly timeout?: Duration | TotalTimeout;
  /** Time of one attempt, from sending until the headers have come; its end is retried. No limit by default. */
  readonly attemptTimeout?: Duration;
  /** What sends the requests. @default the platform's `fetch`, looked up at each attempt */
  readonly fetch?: FetchFunction;
  /** Statuses to retry. @default 408, 425, 429, 500, 502, 503, 504 and 529 */
  readonly statuses?: Iterable<number>;
  /**
   * Methods that may be sent again although the request may have been processed. All others are sent again only with an
   * `Idempotency-Key` or a precondition (`If-Match`, `If-None-Match`, `If-Unmodified-Since`), when the server says so
   * (`x-should-retry: true`), or when it cannot have processed them: no connection, 408, 425, 429, 503 with `Retry-After`.
   * @default GET, HEAD, OPTIONS, PUT, DELETE and TRACE
   */
  readonly methods?: Iterable<string>;
  /**
   * Sends an `Idempotency-Key` with requests that are not idempotent, one per call, and retries them. Only for servers
   * that heed it. A key that the caller has set is kept, and makes the request repeatable whatever this option says.
   * @default false
   */
  readonly idempotencyKey?: boolean | IdempotencyKeyOptions;
  /**
   * How many bytes of a streamed body to keep while it is sent, so that it can be sent again. A larger body is sent
   * once. @default 0: a stream is sent once, and a failure that needs another attempt says so
   */
  readonly spool?: number;
  /**
   * Reads the body of a good response to its end before the call returns: one that breaks off is retried like any other
   * failure, and both time limits count for it. Not for streams and large files. @default false
   */
  readonly buffer?: boolean;
  /** Whether a 429 or 503 that says how long to wait pauses all calls of this fetch to that origin. @default true */
  readonly hold?: boolean;
  /** The longest wait that a server may ask for. @default '60s' */
  readonly maxHintWait?: Duration;
  /**
   * When a server asks for more: return its response at once (`'fail'`), wait for `maxHintWait`, which is too early
   * (`'clamp'`), or wait as if it had not asked (`'ignore'`). @default 'fail'
   */
  readonly ifHintTooLong?: IfHintTooLong;
  /**
   * Up to which share of what a server asks for is waited in addition, from 0 to 1, so that all those whom it has told
   * the same do not return together. @default 0.1
   */
  readonly hintJitter?: number;
  /**
   * Sets `x-should-retry: false` on a response that is returned because retrying was given up: the clients of language
   * models around this fetch then do not retry it once more. Not where there is one attempt only. @default true
   */
  readonly stopOuterRetries?: boolean;
  /**
   * Follows the rate limits of GitHub's API, which come as a 403 or a 429, or within the 200 of a GraphQL query; `false`:
   * not. @default { hosts: ['api.github.com'], maxWait: '120s', endsWith: 'response' }
   */
  readonly github?: GitHubOptions | false;
  /**
   * How many retries the calls may spend together: one budget for all, or one per origin. `false`: no budget.
   * @default retryBudget.keyed(): per origin, 20 % of the calls, and 10 per second
   */
  readonly budget?: RetryBudget | PerOrigin<RetryBudget> | false;
  /** A policy around each attempt, such as a circuit breaker: one for all, or one per origin. None by default. */
  readonly breaker?: Policy | PerOrigin<Policy>;
  /** For logs, metrics and errors. @default the method and the host, such as `GET api.example.com` */
  readonly name?: string;
  /** Listens to the events of this fetch only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time and chance come from. @default systemWorld */
  readonly world?: World;
}

/** The defaults of {@link FetchOptions} that are plain values. */
export const fetchDefaults: {
  readonly maxHintWaitMs: number;
  readonly hintJitter: number;
  readonly spoolBytes: number;
  readonly statuses: readonly number[];
  readonly idempotencyHeader: string;
} = Object.freeze({
  maxHintWaitMs: 60_000,
  hintJitter: 0.1,
  spoolBytes: 0,
  statuses: Object.freeze([408, 425, 429, 500, 502, 503, 504, 529]),
  idempotencyHeader: 'Idempotency-Key',
});
