import type { AsyncFunction, Policy } from '../kernel/index.ts';
import type { ErrorMatcher } from './advice.ts';
import type { RetryOptions } from './options.ts';
import { retry } from './retry.ts';
import { retrySync, type SyncFunction, type SyncPolicy } from './retry-sync.ts';

/**
 * Calls functions, again and again where that may help: one set of options for many functions. Source: stamina.
 *
 * @example
 * const caller = new RetryingCaller({ attempts: 5 }).on(NetworkError);
 * const user = await caller.call(fetchUser, id);
 */
export class RetryingCaller {
  readonly #options: RetryOptions;
  readonly #policy: Policy;
  #syncPolicy: SyncPolicy | undefined;

  /** @throws {InvalidOptionError} */
  constructor(options: RetryOptions = {}) {
    this.#options = options;
    this.#policy = retry(options);
  }

  /** A caller with the same options that retries these errors. */
  on(errors: ErrorMatcher): RetryingCaller {
    return new RetryingCaller({ ...this.#options, on: errors });
  }

  /** Calls the function with the arguments, and again while that may help. */
  call<F extends AsyncFunction>(fn: F, ...args: Parameters<F>): ReturnType<F> {
    return Reflect.apply(this.#policy(fn), undefined, args) as ReturnType<F>;
  }

  /** As {@link call}, for a function that blocks; see `retrySync`. */
  callSync<F extends SyncFunction>(fn: F, ...args: Parameters<F>): ReturnType<F> {
    this.#syncPolicy ??= retrySync(this.#options);
    const blocking: SyncFunction = fn;
    return Reflect.apply(this.#syncPolicy(blocking), undefined, args) as ReturnType<F>;
  }

  /** As {@link call}, for once retrying these errors. */
  callOn<F extends AsyncFunction>(errors: ErrorMatcher, fn: F, ...args: Parameters<F>): ReturnType<F> {
    return this.on(errors).call(fn, ...args);
  }
}
