/** Fallback: something else in place of a result that could not be had. */
export { fallback } from './fallback.ts';
export type { FallbackFunction, FallbackOptions } from './options.ts';
