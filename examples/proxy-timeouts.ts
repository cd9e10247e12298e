// Seed 3, example 10: how long a request may take, waits included.
// #region timeouts
import { ProxyConnectionError, ProxyRotator, RetryPolicy } from '@mulligan/proxy';
// #endregion
import { closeAll, serveBrokenProxy, serveTarget } from './support/proxies.ts';
import { serve } from './support/serve.ts';

const target = await serveTarget();
const [hanging, broken] = [await serve(() => {}), await serveBrokenProxy()];
const { url } = target;
const proxies = [
  { url: hanging.url, tags: ['hanging'] },
  { url: broken.url, tags: ['broken'] },
];
const show = (error: unknown): void => {
  if (error instanceof ProxyConnectionError) console.log(`${error.reason}: ${error.message}`);
};

// #region timeouts
const rotator = new ProxyRotator({ proxies, retryPolicy: new RetryPolicy({ baseDelay: '1s', timeout: '5s' }) });

// The time of one request: at its end the request ends, whatever runs.
await rotator.get(url, { timeout: '0.3s', tags: ['hanging'] }).catch(show);

// A wait that does not fit into the time is not begun.
await rotator.get(url, { timeout: '0.5s', tags: ['broken'] }).catch(show);

// The time of each attempt, up to the head of its response; then another attempt follows.
await rotator.get(url, { attemptTimeout: '0.1s', timeout: '0.5s', tags: ['hanging'] }).catch(show);

// A signal of your own.
await rotator.get(url, { signal: AbortSignal.timeout(100), tags: ['hanging'] }).catch((error: Error) => {
  console.log(error.name);
});
// #endregion

await closeAll(rotator, target, hanging, broken);
