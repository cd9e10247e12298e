// How soon does a breaker open, and what does asking it cost?
import { performance } from 'node:perf_hooks';
import { ProxyRotator } from '@mulligan/proxy';
import { quantile, time } from './criterion.mjs';
import { startFleet } from './fleet.mjs';
import { perCallMs } from './per-call.mjs';

const threshold = 5;

/** @param {number} proxies @returns {Promise<number[]>} */
async function openings(proxies) {
  const specs = Array.from({ length: proxies }, (_, at) => ({ seed: at, failureRate: 1 }));
  const fleet = await startFleet({ proxies: specs });
  /** @type {Map<string, number>} */
  const openedMs = new Map();
  const rotator = new ProxyRotator({
    proxies: fleet.proxies.map((url, at) => ({ url, id: `proxy-${at}`, tags: [`only-${at}`] })),
    onEvent(event) {
      if (event.type === 'breaker.transition' && event.to === 'open') openedMs.set(event.proxyId, performance.now());
    },
  });
  const durations = [];
  for (let at = 0; at < proxies; at++) {
    let startedMs = 0;
    for (let failure = 0; failure < threshold; failure++) {
      // Each to a target of its own: a proxy that fails for many targets has no excuse.
      const target = fleet.target.replace('127.0.0.1', `target-${at}-${failure}.example`);
      startedMs = performance.now();
      await rotator.get(target, { retryPolicy: null, tags: [`only-${at}`] }).catch(() => {});
    }
    durations.push((openedMs.get(`proxy-${at}`) ?? Number.POSITIVE_INFINITY) - startedMs);
  }
  await rotator.close();
  await fleet.close();
  return durations;
}

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const durations = await openings(isQuick ? 10 : 100);
  const slowest = Math.max(...durations);
  const [{ breaker } = {}] = new ProxyRotator({ proxies: ['http://127.0.0.1:1'] }).pool.list();
  const checkMs = await perCallMs(() => breaker?.peek(), isQuick);
  return [
    {
      id: 'SC-004',
      says: 'A breaker opens within 1 s of the failure that reaches the threshold',
      value: slowest / 1000,
      limit: 1,
      isGood: 'below',
      unit: 's',
      treatment: `slowest ${time(slowest)}, median ${time(quantile(durations, 0.5))}, the request itself included`,
      samples: `${durations.length} breakers, ${threshold} failures each`,
    },
    {
      id: 'check',
      says: 'Asking a breaker: less than 0.001 ms',
      value: checkMs,
      limit: 0.001,
      isGood: 'below',
      unit: 'ms',
      treatment: time(checkMs),
      samples: 'median of batches',
    },
  ];
}
