// Seed 2, monitoring: its lines of the log, and its five figures.
// #region metrics
import { retry } from 'mulligan';
import { client } from 'mulligan/presets';
import { metricsStore } from 'mulligan/telemetry';
// #endregion
import { failure, script, value, virtualWorld } from 'mulligan/testing';

const world = virtualWorld();
const refused = failure(Object.assign(new Error('Connection refused'), { code: 'ECONNREFUSED' }));
const similaritySearch = script([refused, refused, value('found'), value('found'), refused], { world });
const log = { warn: console.log, error: console.log, info: console.log };

// #region metrics
const metrics = metricsStore();
const writeLine = client.logLines(log);
const search = retry({
  ...client.retryConfig({ maxRetries: 3, jitter: false }),
  name: 'similarity_search',
  onEvent: (event) => {
    metrics.listener(event);
    writeLine(event);
  },
  world,
})(similaritySearch);
// #endregion

await world.run(search());
await world.run(search());
await world.run(search().catch(() => {}));

// #region metrics
// …
const { retryRate, successAfterRetryRate, exhausted, averageRetries, totalRetryLatencyMs } = metrics.summary();
// #endregion

console.log(`retry rate ${retryRate.toFixed(2)}, success after retry ${successAfterRetryRate.toFixed(2)}`);
console.log(`exhausted ${exhausted}, average retries ${averageRetries.toFixed(2)}, waited ${totalRetryLatencyMs} ms`);
