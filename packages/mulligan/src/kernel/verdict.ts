/** Why a wait is as long as it is. */
export type WaitSource = 'backoff' | 'retry-after' | 'rate-limit' | 'breaker' | 'failover' | 'hook' | 'testing';

/** Why a call was given up: a closed set, the same in ledgers, events, errors and metrics. */
export const giveUpReasons = {
  attempts: 'all attempts are used up',
  deadline: 'the time is over, or the next wait does not fit into what is left of it',
  'not-retryable': 'the outcome is not one that another attempt could better',
  fatal: '`unless` says that this error must not be retried',
  budget: 'the retry budget that this call shares with others is spent',
  aborted: 'the caller aborted',
  'not-idempotent': 'the request may have been processed, and repeating it could do it twice',
  'body-not-replayable': 'the body of the request can be read only once',
  'hint-too-long': 'the server asked for a longer wait than is allowed',
  'server-said-no': 'the server asked not to be tried again',
  'breaker-open': 'the circuit breaker is held open by hand',
  nested: 'another retry around this one makes the attempts',
  inactive: 'retries are switched off by setActive(false)',
} as const;

/** One of the closed set of reasons for which a call is given up. */
export type GiveUpReason = keyof typeof giveUpReasons;

/** A circuit breaker's state. `isolated` is open by hand, until somebody closes it. */
export type BreakerState = 'closed' | 'open' | 'half_open' | 'isolated';

/** Why a circuit breaker went to the state that it is in: a closed set. */
export const breakerReasons = {
  failures: 'as many failures as allowed within the window',
  'failure-rate': 'too large a share of the calls failed',
  'slow-call-rate': 'too large a share of the calls was slow',
  'test-due': 'it has been open long enough to test the other side again',
  'test-failed': 'a call that tested the other side failed, or was slow',
  'test-passed': 'the calls that tested the other side succeeded',
  'by-hand': 'somebody isolated it or reset it',
} as const;

/** One of the closed set of reasons for which a circuit breaker changes its state. */
export type BreakerReason = keyof typeof breakerReasons;
