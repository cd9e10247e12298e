/** One request over several proxies: retry, failover, breakers. */
export { ProxyAuthenticationError, ProxyConnectionError, type ProxyErrorDetails, ProxyPoolEmptyError } from './error.ts';
export type { ProxyRequestInit, ProxyRequestInput } from './fetch-request.ts';
export type { RotatorDialOptions, RotatorOptions } from './options.ts';
export type {
  AttemptEndedEvent,
  AttemptStartedEvent,
  AttemptSummary,
  BreakerResetEvent,
  FailureSummary,
  PolicyChangedEvent,
  ProxyEvent,
  RequestEndedEvent,
  RequestStartedEvent,
  RetryScheduledEvent,
} from './proxy-event.ts';
export { ProxyRotator } from './proxy-rotator.ts';
export type {
  AttemptAnswer,
  FailoverAttempt,
  FailoverRequest,
  FailoverWork,
  WaitBetweenProxies,
} from './request.ts';
export { type LineLogger, proxywhirlLog } from './proxywhirl-log.ts';
