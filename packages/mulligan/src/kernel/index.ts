/** The kernel: what a policy is, and what all policies share. It knows none of them. */
export { type AbortLink, type AbortListener, Cancellation } from './cancellation.ts';
export { type BudgetedFailure, type RetryBudget } from './budget.ts';
export { categorize, factsOf, isTransient, isUnprocessed } from './category.ts';
export { type ErrorCategory, type ErrorFacts, statusFacts } from './category-table.ts';
export { checkDuration, checkFunction, checkKeys, checkNumber, checkOneOf, type NumberBounds } from './check.ts';
export { Chain, type Link } from './chain.ts';
export { type AttemptContext, Context, type ContextChanges } from './context.ts';
export { type Deadline, DeadlineQueue } from './deadline.ts';
export { type Duration, type DurationParts, type DurationText, formatMs, isDuration, toMs } from './duration.ts';
export { Emitter, type EventListener, onEvent, Reporter, type Subscription } from './emitter.ts';
export {
  type ErrorCode,
  errorCodes,
  InvalidOptionError,
  isMulliganError,
  MulliganError,
  show,
  TimeoutError,
} from './error.ts';
export type {
  BreakerRejectedEvent,
  BreakerTransitionEvent,
  BulkheadRejectedEvent,
  CallFailedEvent,
  CallSucceededEvent,
  FallbackUsedEvent,
  HedgeRefusedEvent,
  HedgeStartedEvent,
  HedgeWonEvent,
  HttpHeldEvent,
  MulliganEvent,
  RateLimitDelayedEvent,
  RateLimitRejectedEvent,
  RetryNestedEvent,
  RetryScheduledEvent,
  TimeoutExpiredEvent,
} from './event.ts';
export { retryAfterOf, type RetryHint } from './hint.ts';
export { getOnRetryHooks, type RetryDetails, type RetryHook, type RetryHookFactory, setOnRetryHooks } from './hooks.ts';
export { type Keyed, keyed, type KeyedOptions } from './keyed.ts';
export { type ErrorClass, type ErrorFilter, resolveErrorFilter } from './matcher.ts';
export { attempt, type Next, type Operation } from './operation.ts';
export { type Outcome, settle, settleSync, unwrap } from './outcome.ts';
export { pipeline } from './pipeline.ts';
export {
  asIf,
  type AsyncFunction,
  type CallOptions,
  definePolicy,
  type Iterate,
  type Layer,
  layerOfPolicy,
  type Policy,
  type PolicyDescription,
  type PolicyOptions,
  type WrapOptions,
} from './policy.ts';
export { orAborted, sleep, wakeAfter } from './sleep.ts';
export {
  currentSwitches,
  isActive,
  isTesting,
  type Restore,
  setActive,
  setTesting,
  type Switches,
  type TestingMode,
  testingMode,
} from './switch.ts';
export { systemWorld } from './system-world.ts';
export { type Rest, TimeLimit } from './time-limit.ts';
export {
  type BreakerReason,
  breakerReasons,
  type BreakerState,
  type GiveUpReason,
  giveUpReasons,
  type WaitSource,
} from './verdict.ts';
export type { Timer, World } from './world.ts';
