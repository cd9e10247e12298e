// Seed 3, example 1: what fails is tried again through another proxy, without a word of configuration.
// #region basic
import { ProxyRotator } from '@mulligan/proxy';
// #endregion
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const [broken, working] = [await serveBrokenProxy(), await serveProxy()];
const [proxy1, proxy2, url] = [broken.url, working.url, `${target.url}/data`];

// #region basic
const rotator = new ProxyRotator({ proxies: [proxy1, proxy2], strategy: 'round-robin' });
const response = await rotator.get(url);
// #endregion

const { totalRequests, retriesOnly } = rotator.getRetryMetrics().getSummary();
console.log(`${response.status} ${await response.text()}`);
console.log(`${totalRequests} request, ${retriesOnly} retry`);
await closeAll(rotator, target, broken, working);
