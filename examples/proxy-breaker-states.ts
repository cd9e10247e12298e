// Seed 3, example 4: the circuit breakers of the proxies, and an alert when more than half of them are open.
// #region alert
import type { ProxyRotator } from '@mulligan/proxy';
// #endregion
import { ProxyRotator as Rotator } from '@mulligan/proxy';
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

// #region alert
function checkHealth(rotator: ProxyRotator): void {
  const states = [...rotator.getCircuitBreakerStates().values()];
  const openShare = states.filter(({ state }) => state === 'open').length / states.length;
  if (openShare > 0.5) sendAlert(`WARNING: ${(openShare * 100).toFixed(1)}% of proxies have open circuits`);
}
// #endregion

const sendAlert = (text: string): void => console.log(text);
const target = await serveTarget();
const [one, two, working] = [await serveBrokenProxy(), await serveBrokenProxy(), await serveProxy()];
const rotator = new Rotator({
  proxies: [
    { id: 'one', url: one.url },
    { id: 'two', url: two.url },
    { id: 'working', url: working.url },
  ],
  strategy: 'round-robin',
  retryPolicy: { baseDelay: '0.1s' },
  circuitBreaker: { failures: 2 },
});

// #region alert
// At each change, rather than from time to time.
rotator.events.on(({ type }) => {
  if (type === 'breaker.transition') checkHealth(rotator);
});
// #endregion

for (let request = 0; request < 6; request++) await rotator.get(target.url);

// #region states
for (const [proxyId, breaker] of rotator.getCircuitBreakerStates()) {
  console.log(`${proxyId}: ${breaker.state}, ${breaker.failureCount}/${breaker.failureThreshold} failures`);
  // An open one is left out until its time is over; then one request tests it.
  if (breaker.state === 'open') console.log(`  next test within ${Math.ceil(breaker.retryAfterMs / 10_000) * 10} s`);
}
// #endregion

await closeAll(rotator, target, one, two, working);
