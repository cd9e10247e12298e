// Seed 3: its policies for common cases, and how long each waits at most.
// #region profiles
import { BackoffStrategy, RetryPolicy } from '@mulligan/proxy';
// #endregion
import { waitsOf } from './support/waits.ts';

// #region profiles
/** Many requests that should succeed: starts fast, spreads the load. */
const highVolume = new RetryPolicy({
  maxAttempts: 5,
  backoffStrategy: BackoffStrategy.EXPONENTIAL,
  baseDelay: '0.5s',
  maxBackoffDelay: '10s',
  jitter: true,
});

/** An API that limits the rate gets time to recover. */
const rateLimited = new RetryPolicy({
  maxAttempts: 3,
  backoffStrategy: BackoffStrategy.LINEAR,
  baseDelay: '5s',
  retryStatusCodes: [429, 502, 503, 504],
});

/** Fails fast: one retry, within five seconds. */
const critical = new RetryPolicy({ maxAttempts: 2, baseDelay: '1s', timeout: '5s' });

/** As little time as possible. */
const latency = new RetryPolicy({
  maxAttempts: 2,
  backoffStrategy: BackoffStrategy.FIXED,
  baseDelay: '0.5s',
  timeout: '3s',
});

/** As much success as possible. */
const success = new RetryPolicy({
  maxAttempts: 5,
  backoffStrategy: BackoffStrategy.EXPONENTIAL,
  baseDelay: '1s',
  maxBackoffDelay: '30s',
  jitter: true,
});
// #endregion

for (const [name, policy] of Object.entries({ highVolume, rateLimited, critical, latency, success })) {
  // Jitter is chance: what is shown is what the waits are without.
  const waits = await waitsOf(policy.with({ jitter: false }));
  console.log(`${name}: ${policy.maxAttempts} attempts, waits of ${waits.map((ms) => ms / 1000).join(', ')} s`);
}
