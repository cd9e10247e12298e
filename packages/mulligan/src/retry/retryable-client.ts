import type { AsyncFunction, Policy } from '../kernel/index.ts';
import type { RetryOptions } from './options.ts';
import { retry } from './retry.ts';
import { retrySync, type SyncFunction, type SyncPolicy } from './retry-sync.ts';

/**
 * A base class for clients whose methods retry with one set of options. Source: seed 2.
 *
 * @example
 * class Users extends RetryableClient {
 *   constructor() {
 *     super({ attempts: 6, backoff: exponential({ initial: '2s' }) });
 *   }
 *   get(id: string): Promise<User> {
 *     const fetchUser = this.withAsyncRetry(async () => (await fetch(`${base}/users/${id}`)).json());
 *     return fetchUser();
 *   }
 * }
 */
export class RetryableClient {
  readonly retryOptions: RetryOptions;
  readonly #policy: Policy;
  #syncPolicy: SyncPolicy | undefined;

  /** @throws {InvalidOptionError} */
  constructor(retryOptions: RetryOptions = {}) {
    this.retryOptions = retryOptions;
    this.#policy = retry(retryOptions);
  }

  /** Wraps a function that blocks; see `retrySync`. */
  withRetry<F extends SyncFunction>(fn: F): F {
    this.#syncPolicy ??= retrySync(this.retryOptions);
    const blocking: SyncFunction = fn;
    return this.#syncPolicy(blocking) as F;
  }

  /** Wraps a function that returns a promise. */
  withAsyncRetry<F extends AsyncFunction>(fn: F): F {
    return this.#policy(fn);
  }
}
