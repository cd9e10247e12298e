// How to compare functions that do the same: in turns, so that what else the machine does falls on all alike, by medians
// of ratios. Every batch is checked: a contender that did not do the work is an error, not a winner.

/** What a benchmark's process must be started with: collections on demand, and a young generation of one fixed size. */
export const flags = ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16'];

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => Promise<unknown>} run one call
 * @property {() => number} ran how often its operation has been run so far
 */

/**
 * @typedef {object} Expectation what one call must do
 * @property {number} runs how often it runs its operation
 * @property {boolean} fails whether it rejects
 */

/** @param {number[]} numbers */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** @param {() => Promise<unknown>} run @param {number} calls */
async function succeed(run, calls) {
  for (let call = 0; call < calls; call++) await run();
  return 0;
}

/** @param {() => Promise<unknown>} run @param {number} calls */
async function reject(run, calls) {
  let rejected = 0;
  for (let call = 0; call < calls; call++) {
    try {
      await run();
    } catch {
      rejected++;
    }
  }
  return rejected;
}

/**
 * Runs so many calls one after the other, checks that they did what they are for, and gives nanoseconds per call: of
 * processor time, which other work on the machine disturbs less, and which the collector's threads are part of.
 *
 * @param {Contender} contender
 * @param {Expectation} expected
 * @param {number} calls
 */
async function batch({ name, run, ran }, { runs, fails }, calls) {
  const before = ran();
  const started = process.cpuUsage();
  const rejected = await (fails ? reject : succeed)(run, calls);
  const { user, system } = process.cpuUsage(started);
  const ns = ((user + system) * 1000) / calls;
  const [wanted, found] = [`${calls * runs} and ${fails ? calls : 0}`, `${ran() - before} and ${rejected}`];
  if (wanted !== found) {
    throw new Error(`${name}: ${calls} calls should have run and rejected ${wanted} times, but did so ${found} times`);
  }
  return ns;
}

/** Few enough that no collection falls into the measurement. */
const callsForBytes = 400;

/**
 * @param {Contender} contender
 * @param {Expectation} expected
 */
async function bytesOf(contender, expected) {
  const samples = [];
  for (let sample = 0; sample < 5; sample++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await batch(contender, expected, callsForBytes);
    samples.push((process.memoryUsage().heapUsed - before) / callsForBytes);
  }
  return Math.round(median(samples));
}

const bareCall = { runs: 1, fails: false };

/**
 * Measures contenders against a bare call. Each batch has one of bare calls right before it, so that both meet the same
 * machine. Gives rows with the median time of a call in nanoseconds, the median of its ratios to the bare call, and the
 * bytes that a call allocates.
 *
 * @param {Contender} bare runs its operation once and succeeds
 * @param {Contender[]} contenders
 * @param {Expectation} expected what each of them must do
 * @param {{ rounds?: number, batchMs?: number }} [options]
 */
export async function compare(bare, contenders, expected, { rounds = 31, batchMs = 3 } = {}) {
  const callsOfBare = await warmUp(bare, bareCall, batchMs);
  const bareTimes = [];
  const measured = [];
  for (const contender of contenders) {
    measured.push({ contender, calls: await warmUp(contender, expected, batchMs), times: [0], ratios: [0] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contender, calls, times, ratios } of measured) {
      const bareNs = await batch(bare, bareCall, callsOfBare);
      const ns = await batch(contender, expected, calls);
      bareTimes.push(bareNs);
      times[round] = ns;
      ratios[round] = ns / bareNs;
    }
  }
  const rows = [rowOf(bare.name, bareTimes, [1], await bytesOf(bare, bareCall))];
  for (const { contender, times, ratios } of measured) {
    rows.push(rowOf(contender.name, times, ratios, await bytesOf(contender, expected)));
  }
  return rows;
}

/**
 * @param {string} name
 * @param {number[]} times
 * @param {number[]} ratios
 * @param {number} bytes
 */
function rowOf(name, times, ratios, bytes) {
  return { name, ratio: Number(median(ratios).toPrecision(3)), ns: Math.round(median(times)), bytes };
}

/**
 * Long enough for the compiler to have made up its mind. Gives how many calls fill a batch.
 *
 * @param {Contender} contender
 * @param {Expectation} expected
 * @param {number} batchMs
 */
async function warmUp(contender, expected, batchMs) {
  const firstNs = await batch(contender, expected, 2000);
  const ns = await batch(contender, expected, Math.ceil((30 * 1e6) / firstNs));
  return Math.ceil((batchMs * 1e6) / ns);
}
