// What do retry, breaker and time limits cost together?
import * as cockatiel from 'cockatiel';
import { Effect } from 'effect';
import { bulkhead, circuitBreaker, constant, fallback, hedge, pipeline, rateLimit, retry, timeout } from 'mulligan';
import CircuitBreaker from 'opossum';
import { compare } from './measure.mjs';
import { pipelineByHand } from './peers/by-hand.mjs';
import { succeeding } from './peers/operation.mjs';

/** @typedef {() => Promise<unknown>} Operation */

const breaker = () => circuitBreaker({ failureRate: 0.5, minimumCalls: 32, window: { calls: 64 } });

const cockatiels = () =>
  /** @type {const} */ ([
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2, backoff: new cockatiel.ConstantBackoff(0) }),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 30_000,
      breaker: new cockatiel.CountBreaker({ threshold: 0.5, size: 64 }),
    }),
  ]);

/** @type {Record<string, (operation: Operation) => Operation>} */
const makers = {
  'by hand: retry, breaker, both time limits': pipelineByHand,

  'mulligan: retry, breaker, both time limits': (operation) =>
    pipeline(retry({ backoff: constant(0), timeout: '30s', attemptTimeout: '5s' }), breaker())(operation),

  'mulligan: all seven policies': (operation) =>
    pipeline(
      fallback(0),
      retry({ backoff: constant(0), timeout: '30s' }),
      hedge({ after: '1s' }),
      rateLimit({ permits: 1_000_000, per: '100ms', burst: 1_000_000 }),
      breaker(),
      bulkhead(),
      timeout('5s'),
    )(operation),

  'mulligan: retry, breaker': (operation) => pipeline(retry({ backoff: constant(0) }), breaker())(operation),

  'cockatiel: retry, breaker, time limit of an attempt': (operation) => {
    const policy = cockatiel.wrap(...cockatiels(), cockatiel.timeout(5000, cockatiel.TimeoutStrategy.Aggressive));
    return () => policy.execute(operation);
  },

  'cockatiel: fallback, retry, breaker, bulkhead, time limit of an attempt': (operation) => {
    const first = cockatiel.fallback(cockatiel.handleAll, 0);
    const last = cockatiel.timeout(5000, cockatiel.TimeoutStrategy.Aggressive);
    const policy = cockatiel.wrap(first, ...cockatiels(), cockatiel.bulkhead(25), last);
    return () => policy.execute(operation);
  },

  'cockatiel: retry, breaker': (operation) => {
    const policy = cockatiel.wrap(...cockatiels());
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
      columns: { ratio: 'ratio to a bare call', ns: 'CPU ns a call', bytes: 'bytes a call' },
      rows: await compare({ name: 'bare call', run: operation, ran }, contenders, { runs: 1, fails: false }),
      goals: [
        { row: 'mulligan: retry, breaker, both time limits', column: 'ratio', most: 8 },
        { row: 'mulligan: all seven policies', column: 'ratio', most: 16 },
      ],
    },
  ];
}
