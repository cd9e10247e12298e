// Seed 2, example 3: long waits that always take the same time, for expensive operations.
// #region timing
import { retry } from 'mulligan';
import { client } from 'mulligan/presets';

const config = client.retryConfig({
  maxRetries: 3,
  initialDelay: '5s',
  maxDelay: '120s',
  exponentialBase: 3,
  jitter: false,
});
// #endregion
import { calculateDelay, shouldRetry } from 'mulligan';
import { failure, script, value, virtualWorld } from 'mulligan/testing';

const world = virtualWorld();
const down = failure(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
const process = script([down, down, value('processed')], { world });

// #region timing
// `attemptTimeout` bounds each attempt, as the seed's client does with its own timeout.
const expensiveOperation = retry({ ...config, attemptTimeout: '30s', world })(process);
// #endregion

const answer = await world.run(expensiveOperation());
console.log(`${answer} after ${world.now() / 1000} s of virtual time`);

// #region own-loop
// For a loop of your own: attempts count from 0, waits are milliseconds.
const waits = [0, 1, 2].map((attempt) =>
  calculateDelay(attempt, { initial: '5s', factor: 3, max: '120s', jitter: 'none' }),
);
const isWorthIt = shouldRetry(new RangeError('no such page'), { on: Error, unless: RangeError });
// #endregion
console.log(`waits of ${waits.join(', ')} ms; a RangeError is retried: ${isWorthIt}`);
