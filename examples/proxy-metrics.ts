// Seed 3, example 5: what was tried, and how it went: in a few numbers, by the hour and by proxy.
import { ProxyRotator } from '@mulligan/proxy';
import { closeAll, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const flaky = await serveProxy((request) => [2, 5, 6].includes(request));
const rotator = new ProxyRotator({
  proxies: [{ id: 'proxy1', url: flaky.url }],
  retryPolicy: { baseDelay: '0.1s' },
});
for (let request = 0; request < 5; request++) await rotator.get(target.url);

// #region summary
const metrics = rotator.getRetryMetrics();
const { totalRequests, retriesOnly, successByAttempt } = metrics.getSummary();
console.log(`${totalRequests} requests, ${retriesOnly} retries`);
// { 0: 3, 1: 1, 2: 1 }: three succeeded at once, one after one retry, one after two.
console.log(`success by attempt: ${JSON.stringify(successByAttempt)}`);
// #endregion

// #region series
for (const { timestamp, totalRequests, successRate } of metrics.getTimeseries(24)) {
  // Each hour has a point, such as 2025-11-02T09:00:00.000Z.
  console.log(`${timestamp.slice(13)}: ${totalRequests} requests, ${(successRate * 100).toFixed(1)} %`);
}
for (const [proxyId, stats] of metrics.getByProxy(24)) {
  console.log(`${proxyId}: ${stats.successCount} of ${stats.totalAttempts} attempts succeeded`);
}
// #endregion

await closeAll(rotator, target, flaky);
