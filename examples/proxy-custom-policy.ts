// Seed 3, example 2: a retry policy of your own, for all requests, and a breaker that opens sooner.
// #region policy
import { BackoffStrategy, ProxyRotator, RetryPolicy } from '@mulligan/proxy';
// #endregion
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const [broken, working] = [await serveBrokenProxy(), await serveProxy()];
const proxies = [
  { id: 'broken', url: broken.url },
  { id: 'working', url: working.url },
];

// #region policy
const retryPolicy = new RetryPolicy({
  maxAttempts: 5,
  backoffStrategy: BackoffStrategy.LINEAR,
  baseDelay: '0.2s',
  multiplier: 2,
  maxBackoffDelay: '30s',
  jitter: true,
  retryStatusCodes: [502, 503, 504, 429],
  timeout: '15s',
  retryNonIdempotent: false,
});

const rotator = new ProxyRotator({
  proxies,
  strategy: 'round-robin',
  retryPolicy,
  circuitBreaker: { failures: 3, window: '60s', openFor: '30s' },
});
const response = await rotator.get(target.url);
// #endregion

console.log(`${response.status} ${await response.text()}`);

// #region change
// In force for the next request; what is not named stays.
rotator.retryPolicy = rotator.retryPolicy.with({ maxAttempts: 2, jitter: false });
rotator.breakerSettings = { failures: 5 };
// #endregion

console.log(`${rotator.retryPolicy.maxAttempts} attempts, ${rotator.retryPolicy.baseDelayMs} ms, then ×1, ×2 …`);
await closeAll(rotator, target, broken, working);
