// What does retrying cost a call that succeeds, and one that fails?
import { constant, onEvent, retry } from 'mulligan';
import { compare } from './measure.mjs';
import { failing, succeeding } from './peers/operation.mjs';
import { alwaysWait, retryByHand, retryPeers } from './peers/retry.mjs';
import CircuitBreaker from 'opossum';

/** @typedef {import('./peers/retry.mjs').MakeRetry} MakeRetry */

const backoff = constant(0);
const columns = { ratio: 'ratio to a bare call', ns: 'CPU ns a call', bytes: 'bytes a call' };
const waiters = 'Peers that wait at least a millisecond where they are told not to wait are listed, not compared.';

/** @type {Record<string, MakeRetry>} */
const ours = {
  'mulligan, wrapped': (operation, attempts) => retry({ attempts, backoff, on: Error })(operation),
  'mulligan, wrapped, telling errors apart': (operation, attempts) => retry({ attempts, backoff })(operation),
  'mulligan, called': (operation, attempts) => () => retry(operation, { attempts, backoff, on: Error }),
};

/** @type {Record<string, MakeRetry>} */
const limited = {
  'mulligan with timeout': (operation, attempts) => retry({ attempts, timeout: '30s' })(operation),
  'mulligan with attemptTimeout': (operation, attempts) => retry({ attempts, attemptTimeout: '10s' })(operation),
  'mulligan with both': (operation, attempts) => retry({ attempts, timeout: '30s', attemptTimeout: '10s' })(operation),
  'pass-through async function': (operation) => async () => {
    const value = await operation();
    return value;
  },
  opossum: (operation) => {
    const breaker = new CircuitBreaker(operation, { timeout: false });
    return () => breaker.fire();
  },
};

/**
 * @param {Record<string, MakeRetry>} makers
 * @param {number} failures
 */
function contend(makers, failures) {
  return Object.entries(makers).map(([name, make]) => {
    const { operation, ran } = failures === 0 ? succeeding() : failing(failures);
    return { name, run: make(operation, 3, 0), ran };
  });
}

const bare = () => {
  const { operation, ran } = succeeding();
  return { name: 'bare call', run: operation, ran };
};

/** How long a peer waits at least that is told not to. @param {string} name */
async function timerOf(name) {
  const run = retryPeers[name](failing(2).operation, 3, 0);
  let leastMs = Number.POSITIVE_INFINITY;
  for (let call = 0; call < 30; call++) {
    const startedMs = performance.now();
    await run();
    leastMs = Math.min(leastMs, (performance.now() - startedMs) / 2);
  }
  return { name, remark: `waits ${leastMs.toFixed(1)} ms` };
}

/** @param {number} failures */
async function compareFailing(failures) {
  const makers = { 'by hand': retryByHand, ...ours, ...retryPeers };
  const prompt = Object.entries(makers).filter(([name]) => !alwaysWait.has(name));
  const contenders = contend(Object.fromEntries(prompt), failures);
  const rows = await compare(bare(), contenders, { runs: 3, fails: failures === Number.POSITIVE_INFINITY });
  for (const name of alwaysWait) rows.push(await timerOf(name));
  return rows;
}

const atOnce = { runs: 1, fails: false };

async function listenedTo() {
  const stop = onEvent(() => {});
  const rows = await compare(bare(), contend({ 'mulligan, one listener': ours['mulligan, wrapped'] }, 0), atOnce);
  stop();
  return rows.slice(1);
}

export async function measure() {
  const makers = { 'by hand': retryByHand, ...ours, ...limited, ...retryPeers };
  const success = await compare(bare(), contend(makers, 0), atOnce);
  const wrapped = 'mulligan, wrapped';
  return [
    {
      title: 'A call that succeeds at once',
      columns,
      rows: [...success, ...(await listenedTo())],
      goals: [
        { row: wrapped, column: 'ratio', most: 2.5 },
        { row: wrapped, column: 'bytes', most: 800 },
      ],
    },
    {
      title: 'A call that fails twice, then succeeds, without waits',
      note: waiters,
      columns,
      rows: await compareFailing(2),
      goals: [{ row: wrapped, column: 'ratio', most: 1.2, times: 'by hand' }],
    },
    {
      title: 'A call that fails three times and is given up, without waits',
      note: waiters,
      columns,
      rows: await compareFailing(Number.POSITIVE_INFINITY),
      goals: [{ row: wrapped, column: 'ratio', most: 1.2, times: 'by hand' }],
    },
  ];
}
