/** Timeout: ends a call that takes too long. */
export type { TimeoutOptions } from './options.ts';
export { timeout } from './timeout.ts';
