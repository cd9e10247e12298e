// What does a request cost that needs no retry, and choosing among very many proxies?
import { performance } from 'node:perf_hooks';
import { ProxyRotator } from '@mulligan/proxy';
import { time } from './criterion.mjs';
import { perCallMs } from './per-call.mjs';

const work = async () => 1;

/** @param {number} count */
const proxiesOf = (count) =>
  Array.from({ length: count }, (_, at) => `http://10.${at >> 16}.${(at >> 8) & 255}.${at & 255}:8080`);

/** @param {ProxyRotator} rotator */
const through = (rotator) => (/** @type {number} */ number) =>
  rotator.failover({ id: `${number}`, method: 'GET', target: 'api.example.com:443' }, work);

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const bareMs = await perCallMs(work, isQuick);
  const rotatedMs = await perCallMs(through(new ProxyRotator({ proxies: proxiesOf(10) })), isQuick);
  const many = isQuick ? 1000 : 100_000;
  const large = new ProxyRotator({ proxies: proxiesOf(many), strategy: 'best-score' });
  const chosenMs = await perCallMs(through(large), isQuick);
  const startedMs = performance.now();
  large.strategy = 'round-robin';
  await through(large)(0);
  const swapMs = performance.now() - startedMs;
  return [
    {
      id: 'no retry',
      says: 'A request that needs no retry: less than 0.1 ms added',
      value: rotatedMs - bareMs,
      limit: 0.1,
      isGood: 'below',
      unit: 'ms',
      control: `${time(bareMs)} for the work alone`,
      treatment: `${time(rotatedMs)} with choice, breaker, budget, metrics and retry`,
      samples: 'median of batches',
    },
    {
      id: 'selection',
      says: 'Choosing a proxy: less than 1 ms',
      value: chosenMs,
      limit: 1,
      isGood: 'below',
      unit: 'ms',
      treatment: `${time(chosenMs)} for a whole request without its network, score and breaker kept current`,
      samples: `the best of ${many} proxies; median of batches`,
    },
    {
      id: 'swap',
      says: 'Another strategy is in force within 100 ms',
      value: swapMs,
      limit: 100,
      isGood: 'below',
      unit: 'ms',
      treatment: `${time(swapMs)}, its first choice included`,
      samples: `one change with ${many} proxies`,
    },
  ];
}
