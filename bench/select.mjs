// What does it cost to choose one of very many proxies, and to keep what the choice goes by current?
import { systemWorld } from 'mulligan';
import { ProxyPool, score } from '@mulligan/proxy';
// The choice alone is no part of the public API.
import { Selector } from '../packages/proxy/dist/select/index.js';
import { median } from './measure.mjs';

const sizes = [100, 10_000, 100_000];
const batches = 7;
const batchMs = 20;

/** @typedef {(number: number) => unknown} Choice */

/** A latency that differs from call to call, the same for every contender. @param {number} number */
const latencyOf = (number) => 50 + ((number * 7919) % 400);

/** @param {number} size */
function poolOf(size) {
  const pool = new ProxyPool();
  for (let at = 0; at < size; at++) pool.add(`http://10.${at >> 16}.${(at >> 8) & 255}.${at & 255}:8080`);
  return pool;
}

/**
 * Our selector over a pool in which every proxy has been used.
 *
 * @param {number} size
 * @param {import('@mulligan/proxy').StrategyName} retryStrategy
 */
function usedPool(size, retryStrategy) {
  const pool = poolOf(size);
  const selector = new Selector({ strategy: 'round-robin', retryStrategy, world: systemWorld });
  let number = 0;
  for (const proxy of pool) pool.acquire(proxy)?.settle({ kind: 'worked', latencyMs: latencyOf(number++) });
  pool.watch(selector);
  return { pool, selector };
}

/** @param {import('@mulligan/proxy').StrategyName} strategy @returns {(size: number) => Choice} */
const choiceOnly = (strategy) => (size) => {
  const { selector } = usedPool(size, strategy);
  return () => selector.choose({ isRetry: true });
};

/**
 * A retry, all but its network: the two that were tried before are left out, the breaker is asked and told, statistics
 * and score are brought up to date.
 *
 * @param {import('@mulligan/proxy').StrategyName} strategy
 * @returns {(size: number) => Choice}
 */
const wholeRetry = (strategy) => (size) => {
  const { pool, selector } = usedPool(size, strategy);
  const tried = new Set(pool.list().slice(0, 2));
  return (number) => {
    const proxy = selector.choose({ isRetry: true, exclude: tried });
    const lease = proxy === undefined ? undefined : pool.acquire(proxy);
    lease?.settle({ kind: 'worked', latencyMs: latencyOf(number) });
    return lease;
  };
};

/** What is known of a proxy, for those who choose by hand. @param {number} size */
const factsOf = (size) =>
  Array.from({ length: size }, (_, at) => ({
    requests: 10,
    successes: 5 + (at % 6),
    latencyMs: latencyOf(at),
    isOpen: at % 50 === 0,
    isTried: at < 2,
  }));

/** @param {number} size */
const scoresOf = (size) =>
  Float64Array.from(factsOf(size), (facts) => (facts.isOpen || facts.isTried ? -1 : score(facts)));

/** @type {Record<string, (size: number) => Choice>} */
const contenders = {
  'mulligan: best score, the choice alone': choiceOnly('best-score'),
  'mulligan: best score, with exclusions, breaker and update': wholeRetry('best-score'),
  'mulligan: two choices, with exclusions, breaker and update': wholeRetry('power-of-two-choices'),
  'mulligan: round-robin, with exclusions, breaker and update': wholeRetry('round-robin'),

  'by hand: two choices of ready scores': (size) => {
    const scores = scoresOf(size);
    return () => {
      const [one, other] = [Math.floor(Math.random() * size), Math.floor(Math.random() * size)];
      return (scores[one] ?? 0) > (scores[other] ?? 0) ? one : other;
    };
  },

  'by hand: scan of ready scores': (size) => {
    const scores = scoresOf(size);
    return () => {
      let best = 0;
      for (let at = 1; at < size; at++) if ((scores[at] ?? 0) > (scores[best] ?? 0)) best = at;
      return best;
    };
  },

  'by hand: scan, computing scores': (size) => {
    const all = factsOf(size);
    return () => {
      let [best, most] = [all[0], -1];
      for (const facts of all) {
        const value = facts.isOpen || facts.isTried ? -1 : score(facts);
        if (value > most) [best, most] = [facts, value];
      }
      return best;
    };
  },

  'by hand: filter, then sort': (size) => {
    const all = factsOf(size);
    return () => all.filter(({ isOpen, isTried }) => !isOpen && !isTried).sort((a, b) => score(b) - score(a))[0];
  },
};

/** Nanoseconds of processor time that one call takes; it is made at least once in each batch. @param {Choice} choose */
function nsOf(choose) {
  const times = [];
  for (let batch = 0, number = 0; batch < batches; batch++) {
    const [started, before] = [process.cpuUsage(), number];
    let elapsedMs = 0;
    do {
      // The clock is not asked each time, or it would be what is measured.
      for (let at = 0; at < (elapsedMs === 0 ? 1 : 100); at++) choose(number++);
      const { user, system } = process.cpuUsage(started);
      elapsedMs = (user + system) / 1000;
    } while (elapsedMs < batchMs);
    times.push((elapsedMs * 1e6) / (number - before));
  }
  return Math.round(median(times));
}

/** @returns {Promise<import('./report.mjs').Table[]>} */
export async function measure() {
  const rows = Object.entries(contenders).map(([name, make]) => ({
    name,
    ...Object.fromEntries(sizes.map((size) => [`n${size}`, nsOf(make(size))])),
  }));
  const columns = Object.fromEntries(
    sizes.toReversed().map((size) => [`n${size}`, `ns of ${size.toLocaleString('en')}`]),
  );
  const row = 'mulligan: best score, with exclusions, breaker and update';
  return [
    {
      title: 'One choice among 100, 10 000 and 100 000 proxies',
      note: 'The seed’s exact score, and two choices by lot. By hand, nothing is kept current: a choice is all that is made.',
      columns,
      rows,
      goals: [{ row, column: 'n100000', most: 1000 }],
    },
  ];
}
