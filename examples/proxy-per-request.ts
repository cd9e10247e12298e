// Seed 3, example 3: a policy for one request, and none.
import { ProxyRotator } from '@mulligan/proxy';
import { closeAll, serveBrokenProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const broken = await serveBrokenProxy();
const rotator = new ProxyRotator({ proxies: [broken.url], circuitBreaker: { failures: 100 } });
const { url } = target;
const attemptsSoFar = (): number => rotator.getRetryMetrics().getSummary().totalAttempts;

// #region override
const retryPolicy = rotator.retryPolicy.with({ maxAttempts: 4, baseDelay: '0.1s' });
const error = await rotator.get(url, { retryPolicy }).catch((error: unknown) => error);

// null: one attempt, and the answer is handed on as it is.
const response = await rotator.get(url, { retryPolicy: null });
// #endregion

console.log(String(error));
console.log(`${response.status} without retries; ${attemptsSoFar()} attempts in all`);
await closeAll(rotator, target, broken);
