// Is a new policy in force at once, whoever sets it?
import { ProxyRotator, RetryPolicy, startServer } from '@mulligan/proxy';
import { startFleet } from './fleet.mjs';
import { collector } from './load.mjs';

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const failing = Array.from({ length: 10 }, (_, at) => ({ seed: at, failureRate: 1 }));
  const fleet = await startFleet({ proxies: failing });
  const { requests, listener } = collector();
  const rotator = new ProxyRotator({
    proxies: fleet.proxies,
    budget: null,
    circuitBreaker: { failures: 1_000_000 },
    onEvent: listener,
  });
  const server = await startServer({ rotator, gateway: { port: 0 }, api: { port: 0 } });
  const headers = { 'content-type': 'application/json', 'x-api-key': server.token ?? '' };
  const setters = [
    async (/** @type {number} */ attempts) => {
      rotator.retryPolicy = new RetryPolicy({ maxAttempts: attempts, baseDelay: '0.1s' });
    },
    async (/** @type {number} */ attempts) => {
      const body = JSON.stringify({ max_attempts: attempts, base_delay: 0.1 });
      await fetch(`${server.api}/api/v1/retry/policy`, { method: 'PUT', headers, body });
    },
  ];
  const changes = isQuick ? 4 : 40;
  let late = 0;
  for (let change = 0; change < changes; change++) {
    const attempts = 1 + (change % 3);
    await setters[change % 2]?.(attempts);
    await rotator.get(fleet.target).catch(() => {});
    if (requests.at(-1)?.attempts.length !== attempts) late++;
  }
  await server.close();
  await rotator.close();
  await fleet.close();
  return [
    {
      id: 'SC-009',
      says: 'A new policy is in force at once, without a change of code',
      value: late,
      limit: 1,
      isGood: 'below',
      unit: 'requests with the old policy',
      treatment: `${late} of ${changes} requests right after a change used the old policy`,
      samples: `${changes} changes, half of them by PUT /api/v1/retry/policy`,
    },
  ];
}
