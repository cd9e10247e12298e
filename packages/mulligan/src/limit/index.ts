/** Limits: how many calls at the same time, and how many within a time. */
export { bulkhead, type BulkheadFactory } from './bulkhead/bulkhead.ts';
export { BulkheadFullError } from './bulkhead/error.ts';
export type { Bulkhead, BulkheadOptions, BulkheadSnapshot } from './bulkhead/options.ts';
export { RateLimitedError } from './rate/error.ts';
export type { RateLimit, RateLimitOptions, RateLimitSnapshot } from './rate/options.ts';
export { rateLimit, type RateLimitFactory } from './rate/rate-limit.ts';
