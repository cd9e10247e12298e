/** One request over several proxies: retry, failover, breakers. */
export type { CheckOptions } from './check-proxy.ts';
export {
  ProxyAuthenticationError,
  ProxyConnectionError,
  type ProxyErrorDetails,
  ProxyPoolEmptyError,
} from './error.ts';
export type { ProxyRequestInit, ProxyRequestInput } from './fetch-request.ts';
export type { RotatorDialOptions, RotatorMetricsOptions, RotatorOptions } from './options.ts';
export type {
  AttemptEndedEvent,
  AttemptStartedEvent,
  BreakerResetEvent,
  PolicyChangedEvent,
  ProxyCheckedEvent,
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
  LetGo,
  WaitBetweenProxies,
} from './request.ts';
export type { AttemptSummary, CheckResult, FailureSummary } from './summary.ts';
export { type LineLogger, proxywhirlLog } from './proxywhirl-log.ts';
