// What does a client that retries cost beside the platform's fetch, when nothing goes wrong?
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { median } from './measure.mjs';
import { onTheirOwn, overFetch } from './peers/http.mjs';

const inFlight = 64;
const requestsPerBatch = 1000;
const rounds = 15;

/** @typedef {import('./peers/http.mjs').Get} Get */
/** @typedef {{ cpuUs: number, perSecond: number, p99Ms: number }} Sample */

/**
 * Sends so many requests, 64 at a time, and checks every answer.
 *
 * @param {Get} get
 * @param {string} answer
 * @returns {Promise<Sample>}
 */
async function batch(get, answer) {
  const times = new Float64Array(requestsPerBatch);
  let sent = 0;
  const worker = async () => {
    while (sent < requestsPerBatch) {
      const at = sent++;
      const started = performance.now();
      if ((await get()) !== answer) throw new Error('a client did not get the answer');
      times[at] = performance.now() - started;
    }
  };
  const before = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const p99Ms = times.sort()[Math.floor(requestsPerBatch * 0.99)] ?? Number.NaN;
  return { cpuUs: (user + system) / requestsPerBatch, perSecond: (requestsPerBatch * 1000) / ms, p99Ms };
}

/**
 * Each batch has one of the bare client right before it: both meet the same machine.
 *
 * @param {Get} bare
 * @param {Record<string, (url: string) => Get>} makers
 * @param {{ url: string, answer: string }} server
 */
async function compare(bare, makers, { url, answer }) {
  const contenders = Object.entries(makers).map(([name, make]) => ({
    name,
    get: make(url),
    samples: /** @type {(Sample & { ratio: number })[]} */ ([]),
  }));
  const bareSamples = [];
  // The first two rounds only warm up.
  for (let round = -2; round < rounds; round++) {
    for (const { get, samples } of contenders) {
      const base = await batch(bare, answer);
      const sample = await batch(get, answer);
      if (round < 0) continue;
      bareSamples.push({ ...base, ratio: 1 });
      samples.push({ ...sample, ratio: sample.cpuUs / base.cpuUs });
    }
  }
  return [rowOf('fetch', bareSamples), ...contenders.map(({ name, samples }) => rowOf(name, samples))];
}

/** @param {string} name @param {(Sample & { ratio: number })[]} samples */
function rowOf(name, samples) {
  const middle = (/** @type {keyof Sample | 'ratio'} */ key) => median(samples.map((sample) => sample[key]));
  return {
    name,
    ratio: Number(middle('ratio').toPrecision(3)),
    cpu: Number(middle('cpuUs').toPrecision(3)),
    perSecond: Math.round(middle('perSecond')),
    p99: Number(middle('p99Ms').toPrecision(3)),
  };
}

const columns = {
  ratio: 'ratio to fetch',
  cpu: 'CPU µs a request',
  perSecond: 'requests a second',
  p99: 'p99 ms',
};

/** @type {[row: string, most: number, times?: string][]} */
const goals = [
  ['mulligan: createFetch', 1.05],
  ['mulligan: createFetch with both time limits', 1.1],
  ['mulligan: undici.request with retryInterceptor', 1, 'undici.request with RetryAgent'],
];

export async function measure() {
  const child = fork(new URL('peers/http-server.mjs', import.meta.url), { execArgv: [] });
  const [{ port, answer }] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}/`;
  const bare = async () => (await fetch(url)).text();
  try {
    const rows = await compare(bare, { ...overFetch, ...onTheirOwn }, { url, answer });
    child.send('how many?');
    const [{ requests }] = await once(child, 'message');
    const expected = (rows.length - 1) * 2 * (rounds + 2) * requestsPerBatch;
    if (requests !== expected) throw new Error(`${expected} requests should have been sent, and were ${requests}`);
    return [
      {
        title: `A GET that succeeds at once, ${inFlight} at a time`,
        note: 'On connections that are kept, with a server in a process of its own. The ratio is of processor time.',
        columns,
        rows,
        goals: goals.map(([row, most, times]) => ({ row, column: 'ratio', most, ...(times && { times }) })),
      },
    ];
  } finally {
    child.kill();
  }
}
