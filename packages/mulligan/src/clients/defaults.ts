import { exponential, type RetryOptions } from '../retry/index.ts';
import { clientErrors } from './client-errors.ts';

/** How a client of ours is told to retry: the options of `retry`, how many attempts in all, or `false` for one. */
export type ClientRetry = RetryOptions | number | false;

/** Vector search: 3 retries, from 1 s to 30 s. Source: seed 2's table. */
export const vectorSearchRetry: RetryOptions = Object.freeze({
  attempts: 4,
  backoff: exponential({ initial: '1s', max: '30s' }),
});

/** Language models: 2 retries, from 2 s to 60 s. Source: seed 2's table. */
export const languageModelRetry: RetryOptions = Object.freeze({
  attempts: 3,
  backoff: exponential({ initial: '2s', max: '60s' }),
});

/** What a caller gave, over the defaults. Unless it says otherwise, {@link clientErrors} decides which errors count. */
export function retryOptionsOf(given: ClientRetry | undefined, defaults: RetryOptions): RetryOptions {
  const own = typeof given === 'object' ? given : given === undefined ? {} : { attempts: given === false ? 1 : given };
  const merged = { ...defaults, ...own };
  const world = own.world === undefined ? {} : { world: own.world };
  return { ...merged, on: own.on ?? clientErrors(world) };
}
