// What does a circuit breaker cost a call, and what does it cost to have many?
import { createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import * as cockatiel from 'cockatiel';
import * as mollitia from 'mollitia';
import { circuitBreaker } from 'mulligan';
import CircuitBreaker from 'opossum';
import { compare, median } from './measure.mjs';
import { breakByHand, RingBreaker } from './peers/by-hand.mjs';
import { succeeding } from './peers/operation.mjs';

/** @typedef {() => Promise<unknown>} Operation */
/** @typedef {(operation: Operation) => Operation} Make */

/** @type {(options: import('mulligan').CircuitBreakerOptions) => Make} */
const ours = (options) => (operation) => circuitBreaker(options)(operation);

/** @type {(options: import('mulligan').CircuitBreakerOptions) => Make} */
const oursByKey = (options) => {
  const breakers = circuitBreaker.keyed(options, { maxKeys: 1_000_000 });
  let key = 0;
  return (operation) => {
    const breaker = breakers.for(String(key++));
    return () => breaker.execute(operation);
  };
};

/** @type {(breaker: () => cockatiel.IBreaker) => Make} */
const cockatiels = (breaker) => (operation) => {
  const policy = cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: 30_000, breaker: breaker() });
  return () => policy.execute(operation);
};

/** @type {(options: CircuitBreaker.Options) => Make} */
const opossums = (options) => (operation) => {
  const breaker = new CircuitBreaker(operation, options);
  return () => breaker.fire();
};

/** @type {(module: () => mollitia.Module) => Make} */
const mollitias = (module) => (operation) => {
  const circuit = new mollitia.Circuit({ func: operation, options: { modules: [module()] } });
  return () => circuit.execute();
};

/** @type {Record<string, Make>} */
const makers = {
  'by hand: the last 64 calls': (operation) => breakByHand(operation, new RingBreaker()),
  'mulligan: failures in a row': ours({ failures: 5 }),
  'mulligan: the last 64 calls': ours({ failureRate: 0.5, minimumCalls: 32, window: { calls: 64 } }),
  'mulligan: the last 64 calls, keyed': oursByKey({ failureRate: 0.5, minimumCalls: 32, window: { calls: 64 } }),
  'mulligan: the last 10 s': ours({ failureRate: 0.5, minimumCalls: 32, window: '10s' }),
  'mulligan: 5 failures within 60 s': ours({ failures: 5, window: '60s' }),
  'cockatiel: failures in a row': cockatiels(() => new cockatiel.ConsecutiveBreaker(5)),
  'cockatiel: the last 64 calls': cockatiels(() => new cockatiel.CountBreaker({ threshold: 0.5, size: 64 })),
  'cockatiel: the last 10 s': cockatiels(() => new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 10_000 })),
  'opossum: the last 10 s': opossums({ timeout: false, volumeThreshold: 32 }),
  'opossum: the last 10 s, with its time limit': opossums({ timeout: 5000, volumeThreshold: 32 }),
  'mollitia: the last 64 calls': mollitias(() => new mollitia.SlidingCountBreaker({ slidingWindowSize: 64 })),
  'mollitia: the last 10 s': mollitias(() => new mollitia.SlidingTimeBreaker({ slidingWindowSize: 10_000 })),
};

async function speed() {
  const { operation, ran } = succeeding();
  const contenders = Object.entries(makers).map(([name, make]) => {
    const { operation, ran } = succeeding();
    return { name, run: make(operation), ran };
  });
  return compare({ name: 'bare call', run: operation, ran }, contenders, { runs: 1, fails: false });
}

const many = 2000;

/** What having many of them costs: bytes of heap each, after one call, and the timers they keep. @param {string} name */
async function weigh(name) {
  const samples = [];
  for (let sample = 0; sample < 3; sample++) samples.push(await weighOnce(name));
  return {
    name,
    bytesEach: Math.round(median(samples.map(({ bytes }) => bytes))),
    timersEach: Number(median(samples.map(({ timers }) => timers)).toFixed(1)),
  };
}

/** @param {string} name */
async function weighOnce(name) {
  const { operation, ran } = succeeding();
  // Timers that let the process exit are in no list of the platform's.
  const timers = new Set();
  const hook = createHook({
    init: (id, type) => void (type === 'Timeout' && timers.add(id)),
    destroy: (id) => void timers.delete(id),
  });
  hook.enable();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const breakers = Array.from({ length: many }, () => makers[name](operation));
  for (const run of breakers) await run();
  await setImmediate();
  hook.disable();
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / many;
  if (ran() !== breakers.length) throw new Error(`${name}: ${many} calls ran ${ran()} times`);
  return { bytes, timers: timers.size / many };
}

export async function measure() {
  const weights = [];
  for (const name of Object.keys(makers)) weights.push(await weigh(name));
  const [count, time] = ['mulligan: the last 64 calls', 'mulligan: the last 10 s'];
  return [
    {
      title: 'A closed breaker around a call that succeeds',
      columns: { ratio: 'ratio to a bare call', ns: 'CPU ns a call', bytes: 'bytes a call' },
      rows: await speed(),
      goals: [
        { row: count, column: 'ratio', most: 2.9 },
        { row: time, column: 'ratio', most: 3.8 },
      ],
    },
    {
      title: 'Many breakers, one call each',
      columns: { bytesEach: 'bytes each', timersEach: 'timers each, while idle' },
      rows: weights,
      goals: [
        { row: count, column: 'bytesEach', most: 400 },
        { row: time, column: 'bytesEach', most: 400 },
        { row: count, column: 'timersEach', most: 0 },
      ],
    },
  ];
}
