/** HTTP that survives: a `fetch` to use in the place of the platform's. */
export type { Body, BodyFactory, FetchInit, FetchInput } from './body.ts';
export type { FetchCall } from './call.ts';
export type { IfHintTooLong } from './classify.ts';
export { BodyNotReplayableError, HeldError } from './error.ts';
export { createFetch } from './fetch.ts';
export { type HeaderReader, readHint, type ResponseHint } from './hints.ts';
export { idempotentMethods, type IdempotencyKeyOptions } from './idempotency.ts';
export {
  fetchDefaults,
  type FetchFunction,
  type FetchOptions,
  type FetchRetryOptions,
  type PerOrigin,
  type ResilientFetch,
} from './options.ts';
