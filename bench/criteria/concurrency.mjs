// Very many requests at once: do they stay as quick, and does each get what is its own?
import { performance } from 'node:perf_hooks';
import { ProxyRotator } from '@mulligan/proxy';
import { fetch, ProxyAgent } from 'undici';
import { quantile, time } from './criterion.mjs';
import { startFleet } from './fleet.mjs';
import { keepGoing } from './load.mjs';

/** What an API behind a proxy on another continent takes. */
const originDelayMs = 500;

/**
 * The mean time of a request while so many are under way.
 *
 * @param {(number: number) => Promise<{ text(): Promise<string> }>} send
 * @param {{ count: number, atOnce: number }} load
 */
async function meanOf(send, load) {
  let sumMs = 0;
  await keepGoing(async (number) => {
    const startedMs = performance.now();
    await (await send(number)).text();
    sumMs += performance.now() - startedMs;
  }, load);
  return sumMs / load.count;
}

/** @param {{ count: number, atOnce: number, rounds: number }} size @returns {Promise<import('./criterion.mjs').Criterion>} */
async function responseTime({ rounds, ...load }) {
  const healthy = Array.from({ length: 50 }, (_, at) => ({ seed: at, failureRate: 0 }));
  const fleet = await startFleet({ originDelayMs, proxies: healthy });
  const agents = fleet.proxies.map((uri) => new ProxyAgent({ uri, proxyTunnel: false }));
  const rotator = new ProxyRotator({ proxies: fleet.proxies, strategy: 'round-robin' });
  const byHand = (/** @type {number} */ number) => {
    const dispatcher = agents[number % agents.length];
    return fetch(fleet.target, dispatcher === undefined ? {} : { dispatcher });
  };
  const rotated = () => rotator.get(fleet.target);
  const measured = [];
  for (let round = -1; round < rounds; round++) {
    const [handMs, rotatedMs] = [await meanOf(byHand, load), await meanOf(rotated, load)];
    // The first round opens the connections of both.
    if (round >= 0) measured.push({ handMs, rotatedMs, ratio: rotatedMs / handMs });
  }
  // Both arms of one round meet the same machine: it is their ratio that counts.
  const ratio = quantile(
    measured.map((each) => each.ratio),
    0.5,
  );
  const { handMs = 0, rotatedMs = 0 } = measured.find((each) => each.ratio === ratio) ?? {};
  await rotator.close();
  await Promise.all(agents.map((agent) => agent.close()));
  await fleet.close();
  return {
    id: 'SC-006',
    says: 'At least 1000 requests at once: less than 5 % added to the response time',
    value: (ratio - 1) * 100,
    limit: 5,
    isGood: 'below',
    unit: '% added',
    control: `${time(handMs)} with undici’s fetch and ProxyAgents by hand`,
    treatment: `${time(rotatedMs)} with the rotator, in the median round`,
    samples: `${rounds} rounds of ${load.count} requests in each arm, in turns, ${load.atOnce} at once; a server that takes ${originDelayMs} ms`,
  };
}

/** @param {number} count @returns {Promise<import('./criterion.mjs').Criterion>} */
async function races(count) {
  const specs = Array.from({ length: 100 }, (_, at) => ({ seed: 1000 + at, failureRate: 0.1, answersItself: true }));
  const fleet = await startFleet({ proxies: specs });
  const rotator = new ProxyRotator({
    proxies: fleet.proxies,
    budget: null,
    circuitBreaker: { failures: 1_000_000 },
    retryPolicy: { maxAttempts: 5, baseDelay: '0.1s' },
    // A machine that is busy with so many connections is no fault of a proxy.
    attemptTimeout: '2m',
    dial: { timers: { connectMs: 120_000, headMs: 120_000 } },
  });
  const startedMs = performance.now();
  const answers = await Promise.all(
    Array.from({ length: count }, (_, number) =>
      rotator
        .get(fleet.target, { headers: { 'x-request': String(number) } })
        .then((response) => response.text())
        .catch(() => undefined),
    ),
  );
  const tookMs = performance.now() - startedMs;
  const [seen, stats] = [await fleet.seen(), rotator.pool.list().map((proxy) => proxy.stats)];
  const { totalRequests, totalAttempts, successByAttempt } = rotator.getRetryMetrics().getSummary();
  const succeeded = answers.filter((answer) => answer !== undefined).length;
  const wrong = [
    answers.filter((answer, number) => answer !== undefined && answer !== String(number)).length,
    Math.abs(totalRequests - count),
    Math.abs(Object.values(successByAttempt).reduce((sum, each) => sum + each, 0) - succeeded),
    // No attempt was made that is not counted. One that is counted may not have come as far as the proxy.
    ...stats.map(({ started }, at) => Math.max(0, (seen[at] ?? 0) - started)),
    Math.abs(stats.reduce((sum, { started }) => sum + started, 0) - totalAttempts),
    ...stats.map(({ inFlight }) => inFlight),
  ].reduce((sum, each) => sum + each, 0);
  await rotator.close();
  await fleet.close();
  return {
    id: 'SC-008',
    says: 'At least 10 000 requests at once: no race, no deadlock',
    value: wrong,
    limit: 1,
    isGood: 'below',
    unit: 'answers, counts or leases that are wrong',
    treatment: `${wrong} wrong; ${succeeded} succeeded with ${totalAttempts} attempts in ${time(tookMs)}`,
    samples: `${count} requests at once over 100 proxies that fail 10 %`,
  };
}

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  return [
    await responseTime(isQuick ? { count: 50, atOnce: 50, rounds: 1 } : { count: 5000, atOnce: 1000, rounds: 7 }),
    await races(isQuick ? 300 : 10_000),
  ];
}
