// Seed 2, example 1: more attempts, shorter waits.
// #region config
import { ledgerOf, retry } from 'mulligan';
import { client } from 'mulligan/presets';

const aggressive = client.retryConfig({
  maxRetries: 5,
  initialDelay: '0.5s',
  maxDelay: '10s',
  exponentialBase: 1.5,
  jitter: true,
});
// #endregion
import { failure, script, virtualWorld } from 'mulligan/testing';

// A service that is down, in a world where the waits take no time.
const world = virtualWorld();
const apiCall = script([failure(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))], { world });

// #region config
const quickFetch = retry({ ...aggressive, world })(apiCall);
// #endregion

try {
  await world.run(quickFetch());
} catch (error) {
  const ledger = ledgerOf(error);
  console.log(`given up after ${ledger?.attempts} attempts: ${ledger?.reason}`);
  const mostMs = [500, 750, 1125, 1687.5, 2531.25];
  const fits = ledger?.entries.every(({ waitMs = 0 }, index) => waitMs <= (mostMs[index] ?? 0));
  console.log(`every wait within its bound: ${fits}`);
}
