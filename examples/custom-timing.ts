// Seed 2, example 3: long waits that are always the same, for expensive operations.
// #region timing
import { retry } from 'mulligan';
import { client } from 'mulligan/presets';
// #endregion
// #region own-loop
import { calculateDelay, shouldRetry } from 'mulligan';
// #endregion
import { failure, script, value, virtualWorld } from 'mulligan/testing';

const world = virtualWorld();
const down = failure(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
const processAll = script([down, down, value('processed')], { world });

// #region timing
const config = client.retryConfig({
  maxRetries: 3,
  initialDelay: '5s',
  maxDelay: '120s',
  exponentialBase: 3,
  jitter: false,
});
// `attemptTimeout` bounds each attempt. `world` is virtual time, so that this example takes none: leave it out.
const expensiveOperation = retry({ ...config, attemptTimeout: '30s', world })(processAll);
// #endregion

const answer = await world.run(expensiveOperation());
console.log(`${answer} after ${world.now() / 1000} s of virtual time`);

// #region own-loop
// For a loop of your own: attempts count from 0, waits are milliseconds.
const waits = [0, 1, 2].map((attempt) =>
  calculateDelay(attempt, { initial: '5s', factor: 3, max: '120s', jitter: 'none' }),
);
const isRetried = shouldRetry(new RangeError('no such page'), { on: Error, unless: RangeError });
// #endregion

console.log(`waits of ${waits.join(', ')} ms; a RangeError is retried: ${isRetried}`);
