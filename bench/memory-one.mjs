// One sample of the benchmark memory, in a process of its own: arguments are the contender and the number of calls.
import { setTimeout } from 'node:timers/promises';
import * as cockatiel from 'cockatiel';
import { retry } from 'mulligan';
import { failure } from './peers/operation.mjs';

/** @typedef {import('./peers/retry.mjs').MakeRetry} MakeRetry */

const wait = () => 25 + 50 * Math.random();
const { signal } = new AbortController();

/** @type {Record<string, MakeRetry>} */
const makers = {
  'by hand': (operation, attempts) => async () => {
    for (let made = 1; ; made++) {
      try {
        return await operation();
      } catch (error) {
        if (made >= attempts) throw error;
        await new Promise((wake) => globalThis.setTimeout(wake, wait()));
      }
    }
  },
  'by hand, with timers/promises and a signal': (operation) => async () => {
    for (;;) {
      try {
        return await operation();
      } catch {
        await setTimeout(wait(), undefined, { signal });
      }
    }
  },
  mulligan: (operation, attempts) => retry({ attempts, backoff: wait })(operation),
  'mulligan with both time limits and a signal': (operation, attempts) =>
    retry({ attempts, backoff: wait, timeout: '60s', attemptTimeout: '30s', signal })(operation),
  'cockatiel with a time limit': (operation, attempts) => {
    const { DelegateBackoff, handleAll, TimeoutStrategy } = cockatiel;
    const policy = cockatiel.wrap(
      cockatiel.retry(handleAll, { maxAttempts: attempts - 1, backoff: new DelegateBackoff(wait) }),
      cockatiel.timeout(30_000, TimeoutStrategy.Aggressive),
    );
    return () => policy.execute(operation, signal);
  },
};

/** Runs so many calls at once; the first half of all attempts fails. @param {MakeRetry} make @param {number} calls */
async function runAll(make, calls) {
  let runs = 0;
  const call = make(
    async () => {
      if (++runs <= calls) throw failure;
      return 1;
    },
    100,
    50,
  );
  const values = await Promise.all(Array.from({ length: calls }, call));
  if (runs !== 2 * calls || values.some((value) => value !== 1)) throw new Error(`${runs} attempts for ${calls} calls`);
}

const [, , name = '', calls = '0'] = process.argv;
// The peers are only loaded for who measures one of them.
const make = makers[name] ?? (await import('./peers/retry.mjs')).retryPeers[name];
if (make === undefined) throw new Error(`there is no contender ${name}`);
// The compiler makes up its mind before anything is measured.
for (let round = 0; round < 3; round++) await runAll(make, 1000);
globalThis.gc?.();
const rssBefore = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();
await runAll(make, Number(calls));
const ms = performance.now() - startedMs;
const { user, system } = process.cpuUsage(cpuBefore);
const bytes = (process.resourceUsage().maxRSS * 1024 - rssBefore) / Number(calls);
process.send?.({ cpuUs: (user + system) / Number(calls), bytes, ms });
