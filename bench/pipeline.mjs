// What do retry, breaker and time limits cost together?
import * as cockatiel from 'cockatiel';
import { Effect } from 'effect';
import { circuitBreaker, constant, pipeline, retry } from 'mulligan';
import CircuitBreaker from 'opossum';
import { compare } from './measure.mjs';
import { pipelineByHand } from './peers/by-hand.mjs';
import { succeeding } from './peers/operation.mjs';

/** @typedef {() => Promise<unknown>} Operation */

const breaker = () => circuitBreaker({ failureRate: 0.5, minimumCalls: 32, window: { calls: 64 } });

/** @type {Record<string, (operation: Operation) => Operation>} */
const makers = {
  'by hand: retry, breaker, both time limits': pipelineByHand,

  'mulligan: retry, breaker, both time limits': (operation) =>
    pipeline(retry({ backoff: constant(0), timeout: '30s', attemptTimeout: '5s' }), breaker())(operation),

  'mulligan: retry, breaker': (operation) => pipeline(retry({ backoff: constant(0) }), breaker())(operation),

  'cockatiel: retry, breaker, time limit of an attempt': (operation) => {
    const { handleAll, wrap } = cockatiel;
    const policy = wrap(
      cockatiel.retry(handleAll, { maxAttempts: 2, backoff: new cockatiel.ConstantBackoff(0) }),
      cockatiel.circuitBreaker(handleAll, {
        halfOpenAfter: 30_000,
        breaker: new cockatiel.CountBreaker({ threshold: 0.5, size: 64 }),
      }),
      cockatiel.timeout(5000, cockatiel.TimeoutStrategy.Aggressive),
    );
    return () => policy.execute(operation);
  },

  'cockatiel: retry, breaker': (operation) => {
    const { handleAll } = cockatiel;
    const policy = cockatiel.wrap(
      cockatiel.retry(handleAll, { maxAttempts: 2, backoff: new cockatiel.ConstantBackoff(0) }),
      cockatiel.circuitBreaker(handleAll, {
        halfOpenAfter: 30_000,
        breaker: new cockatiel.CountBreaker({ threshold: 0.5, size: 64 }),
      }),
    );
    return () => policy.execute(operation);
  },

  'opossum: breaker, time limit': (operation) => {
    const breaker = new CircuitBreaker(operation, { timeout: 5000, volumeThreshold: 32 });
    return () => breaker.fire();
  },

  'Effect: retry, both time limits': (operation) => {
    const once = Effect.timeout(Effect.tryPromise({ try: operation, catch: (error) => error }), 5000);
    const program = Effect.timeout(Effect.retry(once, { times: 2 }), 30_000);
    return () => Effect.runPromise(program);
  },
};

export async function measure() {
  const { operation, ran } = succeeding();
  const contenders = Object.entries(makers).map(([name, make]) => {
    const { operation, ran } = succeeding();
    return { name, run: make(operation), ran };
  });
  return [
    {
      title: 'Several policies around a call that succeeds at once',
      columns: { ratio: 'ratio to a bare call', ns: 'ns a call', bytes: 'bytes a call' },
      rows: await compare({ name: 'bare call', run: operation, ran }, contenders, { runs: 1, fails: false }),
      goals: [{ row: 'mulligan: retry, breaker, both time limits', column: 'ratio', most: 8 }],
    },
  ];
}
