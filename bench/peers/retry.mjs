// The peers that retry, each used as its documentation says, and made ready once where it can be.
import { retry as attempt } from '@lifeomic/attempt';
import { StandardRetryStrategy } from '@smithy/util-retry';
import asyncRetry from 'async-retry';
import * as cockatiel from 'cockatiel';
import { Effect, Schedule } from 'effect';
import { backOff } from 'exponential-backoff';
import * as mollitia from 'mollitia';
import pRetry from 'p-retry';
import promiseRetry from 'promise-retry';
import { retry as tsRetry } from 'ts-retry-promise';

/**
 * @typedef {() => Promise<unknown>} Operation
 * @typedef {(operation: Operation, attempts: number, waitMs: 0 | 50) => () => Promise<unknown>} MakeRetry
 */

/** What every peer is asked for: no wait at all, or anything from 25 to 75 ms (50 where it knows no jitter). */
const spread = (/** @type {number} */ waitMs) => (waitMs === 0 ? 0 : 25 + 50 * Math.random());

/** By name: how to retry with this peer. @type {Record<string, MakeRetry>} */
export const retryPeers = {
  cockatiel: (operation, attempts, waitMs) => {
    const backoff = new cockatiel.DelegateBackoff(() => spread(waitMs));
    const policy = cockatiel.retry(cockatiel.handleAll, { maxAttempts: attempts - 1, backoff });
    return () => policy.execute(operation);
  },

  '@smithy/util-retry': (operation, attempts, waitMs) => {
    const backoff = { setDelayBase() {}, computeNextBackoffDelay: () => spread(waitMs) };
    const strategy = new StandardRetryStrategy({ maxAttempts: attempts, backoff });
    // Its budget of 500 would end most of the calls that fail here.
    Reflect.set(strategy, 'capacity', Number.POSITIVE_INFINITY);
    return async () => {
      let token = await strategy.acquireInitialRetryToken('bench');
      for (;;) {
        try {
          const value = await operation();
          strategy.recordSuccess(token);
          return value;
        } catch (error) {
          token = await strategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' });
        }
      }
    };
  },

  '@lifeomic/attempt': (operation, attempts, waitMs) => {
    const options = { maxAttempts: attempts, delay: waitMs * 1.5, minDelay: waitMs / 2, jitter: waitMs > 0 };
    return () => attempt(operation, options);
  },

  mollitia: (operation, attempts, waitMs) => {
    const modules = [
      new mollitia.Retry({ attempts: attempts - 1, interval: waitMs, mode: mollitia.RetryMode.CONSTANT }),
    ];
    const circuit = new mollitia.Circuit({ func: operation, options: { modules } });
    return () => circuit.execute();
  },

  'async-retry': (operation, attempts, waitMs) => {
    const options = { retries: attempts - 1, factor: 1, minTimeout: waitMs / 1.5, randomize: waitMs > 0 };
    return () => asyncRetry(operation, options);
  },

  'promise-retry': (operation, attempts, waitMs) => {
    const options = { retries: attempts - 1, factor: 1, minTimeout: waitMs / 1.5, randomize: waitMs > 0 };
    return () => promiseRetry((again) => operation().catch(again), options);
  },

  'exponential-backoff': (operation, attempts, waitMs) => {
    const jitter = waitMs > 0 ? /** @type {const} */ ('full') : /** @type {const} */ ('none');
    const options = { numOfAttempts: attempts, startingDelay: 2 * waitMs, timeMultiple: 1, jitter };
    return () => backOff(operation, options);
  },

  'ts-retry-promise': (operation, attempts, waitMs) => {
    const options = { retries: attempts - 1, delay: waitMs };
    return () => tsRetry(operation, options);
  },

  Effect: (operation, attempts, waitMs) => {
    const once = Effect.tryPromise({ try: operation, catch: (error) => error });
    const schedule = Schedule.jittered(Schedule.spaced(waitMs));
    const program = Effect.retry(once, { times: attempts - 1, ...(waitMs === 0 ? {} : { schedule }) });
    return () => Effect.runPromise(program);
  },

  'p-retry': (operation, attempts, waitMs) => {
    const options = { retries: attempts - 1, factor: 1, minTimeout: waitMs / 1.5, randomize: waitMs > 0 };
    return () => pRetry(operation, options);
  },
};

/** Peers that wait at least a millisecond, by a timer, where they are told not to wait. */
export const alwaysWait = new Set([
  'cockatiel',
  '@smithy/util-retry',
  'mollitia',
  'async-retry',
  'promise-retry',
  'exponential-backoff',
  'ts-retry-promise',
]);

/** What a person would write by hand. @type {(operation: Operation, attempts: number) => () => Promise<unknown>} */
export const retryByHand = (operation, attempts) => async () => {
  for (let made = 1; ; made++) {
    try {
      return await operation();
    } catch (error) {
      if (made >= attempts) throw error;
    }
  }
};
