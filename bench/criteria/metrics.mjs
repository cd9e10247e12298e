// A day of metrics: what do they weigh, and how soon do they answer?
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ProxyRotator, RetryMetrics, startServer } from '@mulligan/proxy';
import { time } from './criterion.mjs';
import { perCallMs } from './per-call.mjs';

const hourMs = 3_600_000;
const perHour = 10_000;
const proxies = 1000;

/** @param {number} number @param {number} at @returns {import('@mulligan/proxy').AttemptRecord} */
const attemptOf = (number, at) => ({
  requestId: `request-${number}`,
  attemptNumber: number % 5 === 0 ? 1 : 0,
  proxyId: `proxy${number % proxies}.example.com:8080`,
  at,
  outcome: number % 7 === 0 ? 'failure' : 'success',
  status: number % 7 === 0 ? 503 : 200,
  delayBeforeMs: 0,
  latencyMs: 50 + (number % 400),
  errorMessage: number % 7 === 0 ? `Status code 503 for request ${number}` : undefined,
});

/** Records a whole day, up to now. @param {RetryMetrics} metrics @param {number} attempts */
function recordDay(metrics, attempts) {
  const firstAt = Date.now() - 23 * hourMs;
  for (let number = 0; number < attempts; number++) {
    metrics.record(attemptOf(number, firstAt + (number / attempts) * 23 * hourMs));
  }
  for (let number = 0; number < 2000; number++) {
    const [from, to] =
      number % 2 === 0 ? /** @type {const} */ (['closed', 'open']) : /** @type {const} */ (['open', 'closed']);
    metrics.recordBreakerEvent({
      proxyId: `proxy${number % proxies}.example.com:8080`,
      from,
      to,
      at: Date.now(),
      failureCount: 5,
    });
  }
}

function heapBytes() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let times = 0; times < 3; times++) collect();
  return process.memoryUsage().heapUsed;
}

/** The slowest of some answers of the REST API. @param {ProxyRotator} rotator @param {number} repeats */
async function slowestAnswer(rotator, repeats) {
  const server = await startServer({ rotator, gateway: { port: 0 }, api: { port: 0 } });
  const durations = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const path of ['retries', 'retries/timeseries?hours=24', 'retries/by-proxy?hours=24']) {
      const startedMs = performance.now();
      const response = await fetch(`${server.api}/api/v1/metrics/${path}`);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
      durations.push(performance.now() - startedMs);
    }
  }
  await server.close();
  return Math.max(...durations);
}

/** @param {import('./criterion.mjs').Scale} scale @returns {Promise<import('./criterion.mjs').Criterion[]>} */
export async function measure({ isQuick }) {
  const attempts = isQuick ? 12_000 : 24 * perHour;
  const before = heapBytes();
  const kept = new RetryMetrics();
  recordDay(kept, attempts);
  const megabytes = (heapBytes() - before) / 1e6;
  const rotator = new ProxyRotator();
  recordDay(rotator.getRetryMetrics(), attempts);
  const repeats = isQuick ? 2 : 50;
  const slowestMs = await slowestAnswer(rotator, repeats);
  await rotator.close();
  const recordMs = await perCallMs((number) => kept.record(attemptOf(number, Date.now())), isQuick);
  const day = `${attempts} attempts over a day, ${proxies} proxies`;
  return [
    {
      id: 'SC-007',
      says: 'The metrics of 24 hours are answered within 100 ms',
      value: slowestMs,
      limit: 100,
      isGood: 'below',
      unit: 'ms',
      treatment: `slowest ${time(slowestMs)}, by HTTP`,
      samples: `${3 * repeats} answers of the REST API; ${day}`,
    },
    {
      id: 'memory',
      says: 'Metrics of 10 000 requests an hour: less than 15 MB',
      value: megabytes,
      limit: 15,
      isGood: 'below',
      unit: 'MB',
      treatment: `${megabytes.toFixed(1)} MB (${kept.currentAttempts.length} attempts one by one, ${kept.hourlyAggregates.length} hours)`,
      samples: day,
    },
    {
      id: 'record',
      says: 'Recording one attempt: less than 0.01 ms',
      value: recordMs,
      limit: 0.01,
      isGood: 'below',
      unit: 'ms',
      treatment: time(recordMs),
      samples: 'median of batches',
    },
  ];
}
