// Good, middling and bad proxies: does the choice of the next one matter?
import { ProxyRotator } from '@mulligan/proxy';
import { percent } from './criterion.mjs';
import { startFleet } from './fleet.mjs';
import { collector, get, keepGoing } from './load.mjs';

const failureRates = [0.02, 0.02, 0.02, 0.02, 0.4, 0.4, 0.4, 0.8, 0.8, 0.8];

/** The rotator as it is, but attempts go on until the fifth, and waits are short. */
const usual = { retryPolicy: { maxAttempts: 5, baseDelay: '0.1s', maxBackoffDelay: '1s' }, budget: null };

/** Retries by score alone. First attempts are drawn by lot, so that there is as much to retry as in the next one. */
const byScore = { ...usual, strategy: 'random', circuitBreaker: { failures: 1_000_000 } };

/** Everything by chance: a proxy that was tried is left out here, too. */
const byChance = { ...byScore, retryStrategy: 'random' };

/**
 * @param {object} options
 * @param {{ count: number, atOnce: number }} load
 */
async function arm(options, load) {
  const specs = failureRates.map((failureRate, at) => ({ seed: 100 + at, failureRate, delayMs: 5 }));
  const fleet = await startFleet({ originDelayMs: 20, proxies: specs });
  const { requests, listener } = collector();
  const proxies = fleet.proxies.map((url, at) => ({ url, id: `${failureRates[at]}-${at}` }));
  const rotator = new ProxyRotator({ ...options, proxies, onEvent: listener });
  await keepGoing(() => get(rotator, fleet.target), load);
  await rotator.close();
  await fleet.close();
  return requests;
}

/** @param {import('./load.mjs').Ended[]} requests */
function retriesOf(requests) {
  const retries = requests.flatMap(({ attempts }) => attempts.slice(1));
  const wasted = retries.filter(({ proxyId = '' }) => Number.parseFloat(proxyId) > 0.7).length;
  const first = requests.flatMap(({ attempts }) => attempts.slice(1, 2));
  const firstSuccess = first.filter(({ outcome }) => outcome === 'success').length / first.length;
  return { all: retries.length, wasted, first: first.length, firstSuccess };
}

/** Of the requests that succeeded after a retry, the share that did so within two. @param {import('./load.mjs').Ended[]} requests */
function withinTwo(requests) {
  const late = requests.filter(({ isSuccess, attempts }) => isSuccess && attempts.length > 1);
  return { count: late.length, share: late.filter(({ attempts }) => attempts.length <= 3).length / late.length };
}

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const load = isQuick ? { count: 300, atOnce: 40 } : { count: 5000, atOnce: 50 };
  const [chance, scored, all] = await Promise.all([arm(byChance, load), arm(byScore, load), arm(usual, load)]);
  const [control, chosen, ours] = [retriesOf(chance), retriesOf(scored), retriesOf(all)];
  const [late, lateByChance] = [withinTwo(all), withinTwo(chance)];
  return [
    {
      id: 'SC-002',
      says: 'Wasted retries, through proxies that fail more than 70 %: at least 80 % fewer',
      value: (1 - ours.wasted / control.wasted) * 100,
      limit: 80,
      isGood: 'at least',
      unit: '% fewer',
      control: `${control.wasted} of ${control.all} retries by chance`,
      treatment: `${ours.wasted} of ${ours.all} retries with breakers and scores`,
      samples: `${load.count} requests in each arm; four proxies fail 2 %, three 40 %, three 80 %`,
    },
    {
      id: 'SC-005',
      says: 'Success of the first retry, against a proxy chosen by chance: at least 20 points more',
      value: (chosen.firstSuccess - control.firstSuccess) * 100,
      limit: 20,
      isGood: 'at least',
      unit: 'points',
      control: `${percent(control.firstSuccess)} of ${control.first} by chance`,
      treatment: `${percent(chosen.firstSuccess)} of ${chosen.first} by score alone`,
      samples: 'the first retries of the same run, without breakers in both arms',
    },
    {
      id: 'SC-010',
      says: 'Requests that succeed in the end do so within two retries: at least 90 %',
      value: late.share * 100,
      limit: 90,
      isGood: 'at least',
      unit: '%',
      control: `${percent(lateByChance.share)} of ${lateByChance.count} by chance`,
      treatment: `${percent(late.share)} of ${late.count} that needed a retry`,
      samples: 'the same run, with up to five attempts and the defaults',
    },
  ];
}
