/** HTTP that survives: a `fetch` to use in the place of the platform's, and sessions on top of it. */
export type { Body, BodyFactory, FetchInit, FetchInput } from './body.ts';
export type { IfHintTooLong } from './classify.ts';
export { BodyNotReplayableError, HeldError } from './error.ts';
export { createFetch } from './fetch.ts';
export { type GitHubOptions, GitHubRateLimitError } from './github.ts';
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
export { proxyFetch } from './proxy/proxy-fetch.ts';
export { ProxyRefusedError } from './proxy/refused-error.ts';
export { requestOf, type RequestShown } from './request-of.ts';
export { type AuthCallback, type AuthHeaders, SessionAuth } from './session/auth.ts';
export type { Environment } from './session/environment.ts';
export { environmentAuth } from './session/environment-auth.ts';
export { sessionLog, type SessionLogger } from './session/log.ts';
export type { Session, SessionInit, SessionOptions } from './session/options.ts';
export { RETRYABLE_ERRORS, retryOnException, type RetryOnExceptionOptions } from './session/retry-on-exception.ts';
export {
  createRetrySession,
  type EnvironmentSessionOptions,
  getRetrySession,
  type RetrySessionConfig,
} from './session/retry-session.ts';
export { createSession } from './session/session.ts';
export { HttpStatusError, raiseForStatus } from './session/status-error.ts';
