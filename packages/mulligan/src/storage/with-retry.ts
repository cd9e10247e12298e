import type { Operation, Policy } from '../kernel/index.ts';
import { retry as retryWith } from '../retry/index.ts';
import { optionsOf, type RetryConfig } from './retry-config.ts';

/**
 * The storage seed's `@retry`: a policy that wraps functions and decorates methods.
 *
 * @example
 * const upload = retry({ maxRetries: 5, baseDelay: '0.5s' })((key: string, data: string) => storage.put(key, data));
 */
export function retry(config: RetryConfig = {}): Policy {
  return retryWith(optionsOf(config));
}

/**
 * The storage seed's `with_retry`: calls at once, and again while that may help.
 *
 * @example
 * await withRetry(() => storage.put(key, data), { maxRetries: 2 });
 *
 * @throws the last error unchanged; `ledgerOf(error)` tells of all attempts
 */
export async function withRetry<T>(operation: Operation<T>, config: RetryConfig = {}): Promise<T> {
  return retryWith(operation, optionsOf(config));
}
