// Seed 5, §5: retry one call of a function that is not decorated.
// #region caller
import { RetryingCaller } from 'mulligan';
import { HttpStatusError, raiseForStatus } from 'mulligan/http';
import { stamina } from 'mulligan/presets';
// #endregion
import { answering, serve } from './support/serve.ts';

const server = await serve(answering(500, 200, 503, 200));
const { url } = server;

// #region caller
async function doSomething(url: string, options: { someKw: number }): Promise<string> {
  const body = await raiseForStatus(await fetch(url)).text();
  return `${body} with ${options.someKw}`;
}

const caller = new RetryingCaller(stamina.options({ on: Error, attempts: 5, waitJitter: '0.1s' }));

// Option A: the errors with each call.
const first = await caller.callOn(HttpStatusError, doSomething, url, { someKw: 42 });

// Option B: bind the errors once, then call.
const bound = caller.on(HttpStatusError);
const second = await bound.call(doSomething, url, { someKw: 43 });
// #endregion

console.log(first);
console.log(second);
await server.close();
