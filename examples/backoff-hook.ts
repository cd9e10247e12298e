// Seed 5, §2: retry what may succeed, and wait for as long as the server asks.
// #region hook
import { type Duration, isTransient } from 'mulligan';
import { HttpStatusError, raiseForStatus } from 'mulligan/http';
import { stamina } from 'mulligan/presets';
// #endregion
import { ledgerOf, setOnRetryHooks } from 'mulligan';
import { serve } from './support/serve.ts';

// #region hook
function retryOnlyOn5xx(error: unknown): boolean | Duration {
  if (!(error instanceof HttpStatusError)) return isTransient(error);
  const seconds = Number(error.response.headers.get('retry-after') ?? Number.NaN);
  return Number.isNaN(seconds) ? error.status >= 500 : { seconds };
}

const doIt = stamina.retry({ on: retryOnlyOn5xx, attempts: 3 })(async (url: string) =>
  raiseForStatus(await fetch(url)).text(),
);
// #endregion

let requests = 0;
const server = await serve(({ url }, reply) => {
  requests++;
  if (url === '/missing') reply.writeHead(404).end();
  else if (requests === 1) reply.writeHead(503, { 'retry-after': '1' }).end();
  else reply.end('welcome');
});

setOnRetryHooks([({ waitFor }) => console.log(`waiting for exactly ${waitFor} ms, as the server asks`)]);
console.log(await doIt(server.url));
await doIt(`${server.url}/missing`).catch((error: unknown) => {
  console.log(`404: ${ledgerOf(error)?.attempts} attempt, given up as ${ledgerOf(error)?.reason}`);
});
await server.close();
