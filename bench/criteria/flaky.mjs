// Proxies that fail now and then: what do retries save, and how long do they take?
import { ProxyRotator } from '@mulligan/proxy';
import { percent, quantile, time } from './criterion.mjs';
import { startFleet } from './fleet.mjs';
import { collector, evenly, get } from './load.mjs';

const failureRate = 0.2;

/**
 * One arm: the same proxies with the same faults in the same order, whatever the policy.
 *
 * @param {import('@mulligan/proxy').RotatorOptions} options
 * @param {{ proxies: number, count: number, overMs: number }} size
 */
async function arm(options, { proxies, count, overMs }) {
  const specs = Array.from({ length: proxies }, (_, at) => ({ seed: at + 1, failureRate, delayMs: 5 }));
  const fleet = await startFleet({ originDelayMs: 20, proxies: specs });
  const { requests, listener } = collector();
  // In turns, so that each proxy is given as many requests in both arms.
  const rotator = new ProxyRotator({ ...options, proxies: fleet.proxies, strategy: 'round-robin', onEvent: listener });
  await evenly(() => get(rotator, fleet.target), { count, overMs });
  await rotator.close();
  await fleet.close();
  return requests;
}

/** @param {import('./load.mjs').Ended[]} requests */
const successRate = (requests) => requests.filter(({ isSuccess }) => isSuccess).length / requests.length;

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const size = isQuick ? { proxies: 40, count: 200, overMs: 1000 } : { proxies: 200, count: 2000, overMs: 20_000 };
  const [once, retried] = await Promise.all([arm({ retryPolicy: { maxAttempts: 1 } }, size), arm({}, size)]);
  const [before, after] = [successRate(once), successRate(retried)];
  const late = retried.filter(({ isSuccess, attempts }) => isSuccess && attempts.length > 1);
  const p95 = quantile(
    late.map(({ durationMs }) => durationMs),
    0.95,
  );
  const conditions = `${size.count} requests in each arm over ${size.proxies} proxies that fail ${percent(failureRate)} of theirs`;
  return [
    {
      id: 'SC-001',
      says: 'Success on transient failures, against one attempt: at least 15 points more',
      value: (after - before) * 100,
      limit: 15,
      isGood: 'at least',
      unit: 'points',
      control: `${percent(before)} with one attempt`,
      treatment: `${percent(after)} with the default policy`,
      samples: conditions,
    },
    {
      id: 'SC-003',
      says: 'Requests that succeed after a retry, waits included: 95 % within 5 s',
      value: p95 / 1000,
      limit: 5,
      isGood: 'below',
      unit: 's',
      treatment: `p95 ${time(p95)}`,
      samples: `${late.length} requests of the same run, with waits of 1 s and 2 s`,
    },
  ];
}
