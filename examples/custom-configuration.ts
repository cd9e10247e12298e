// Seed 2, example 1: more attempts, shorter waits.
// #region config
import { retry } from 'mulligan';
import { client } from 'mulligan/presets';
// #endregion
import { ledgerOf } from 'mulligan';
import { failure, script, virtualWorld } from 'mulligan/testing';

// A service that is down, in a world where waits take no time.
const world = virtualWorld();
const apiCall = script([failure(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))], {
  world,
});

// #region config
const aggressive = client.retryConfig({
  maxRetries: 5,
  initialDelay: '0.5s',
  maxDelay: '10s',
  exponentialBase: 1.5,
  jitter: true,
});
// `world` is virtual time, so that this example takes none: leave it out.
const quickFetch = retry({ ...aggressive, world })(apiCall);
// #endregion

try {
  await world.run(quickFetch());
} catch (error) {
  const ledger = ledgerOf(error);
  console.log(`given up after ${ledger?.attempts} attempts: ${ledger?.reason}`);
  const longestMs = [500, 750, 1125, 1687.5, 2531.25];
  const isBounded = ledger?.entries.every(({ waitMs = 0 }, index) => waitMs <= (longestMs[index] ?? 0));
  console.log(`every wait within its bound: ${isBounded}`);
}
