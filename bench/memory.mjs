// What do very many calls cost that fail once and wait, all at the same time?
import { fork } from 'node:child_process';
import { median } from './measure.mjs';

const many = 20_000;
const fewer = 5000;
const rounds = 3;

/** Who takes part, and with how many calls: where the cost of a call grows with their number, fewer. */
const contenders = [
  { name: 'by hand', calls: many },
  { name: 'mulligan', calls: many },
  { name: 'mulligan with both time limits and a signal', calls: many },
  { name: 'cockatiel', calls: many },
  { name: '@smithy/util-retry', calls: many },
  { name: 'async-retry', calls: many },
  { name: '@lifeomic/attempt', calls: many },
  { name: 'p-retry', calls: many },
  { name: 'exponential-backoff', calls: many },
  { name: 'Effect', calls: many },
  { name: 'by hand, with timers/promises and a signal', calls: fewer },
  { name: 'cockatiel with a time limit', calls: fewer },
];

/**
 * A process of its own for each sample, so that one contender's memory is not another's.
 *
 * @param {string} name
 * @param {number} calls
 * @returns {Promise<{ cpuUs: number, bytes: number, ms: number }>}
 */
function sample(name, calls) {
  const child = fork(new URL('memory-one.mjs', import.meta.url), [name, String(calls)], {
    execArgv: ['--expose-gc', '--no-warnings'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', resolve);
    child.on('exit', () => reject(new Error(`${name} ended without a result`)));
  });
}

/**
 * @param {string} name
 * @param {{ cpuUs: number, bytes: number, ms: number }[]} samples
 * @param {number} calls
 */
function rowOf(name, samples, calls) {
  const of = (/** @type {'cpuUs' | 'bytes' | 'ms'} */ key) => median(samples.map((each) => each[key]));
  return {
    name,
    cpuUs: Number(of('cpuUs').toPrecision(3)),
    bytes: Math.round(of('bytes')),
    ms: Math.round(of('ms')),
    calls,
  };
}

export async function measure() {
  const samples = contenders.map(() => /** @type {{ cpuUs: number, bytes: number, ms: number }[]} */ ([]));
  for (let round = 0; round < rounds; round++) {
    for (const [at, { name, calls }] of contenders.entries()) samples[at]?.push(await sample(name, calls));
  }
  const growth = [];
  for (const calls of [10_000, 100_000, 300_000])
    growth.push(rowOf('mulligan', [await sample('mulligan', calls)], calls));
  const columns = { cpuUs: 'CPU µs a call', bytes: 'bytes a call', ms: 'ms until all are done', calls: 'calls' };
  const limited = 'mulligan with both time limits and a signal';
  return [
    {
      title: 'Calls in flight, each of which fails once and waits 25 to 75 ms',
      note: 'Bytes are what the process grows by at its largest. Peers without jitter wait about 50 ms.',
      columns,
      rows: contenders.map(({ name, calls }, at) => rowOf(name, samples[at] ?? [], calls)),
      goals: [
        { row: 'mulligan', column: 'cpuUs', most: 8 },
        { row: 'mulligan', column: 'bytes', most: 1250 },
        { row: limited, column: 'cpuUs', most: 12 },
        { row: limited, column: 'bytes', most: 1800 },
      ],
    },
    {
      title: 'The same with more and more calls',
      columns: { calls: 'calls', cpuUs: 'CPU µs a call', bytes: 'bytes a call', ms: 'ms until all are done' },
      rows: growth,
    },
  ];
}
