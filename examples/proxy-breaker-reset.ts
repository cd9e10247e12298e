// Seed 3, example 9: all breakers are open, which is answered at once; then they are closed by hand.
// #region open
import { ProxyPoolEmptyError, ProxyRotator } from '@mulligan/proxy';
// #endregion
import { closeAll, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const recovering = await serveProxy((request) => request <= 5);
const { url } = target;
const rotator = new ProxyRotator({ proxies: [{ id: 'proxy1', url: recovering.url }] });
for (let request = 0; request < 5; request++) await rotator.get(url, { retryPolicy: null });

// #region open
const error = await rotator.get(url).catch((error: unknown) => error);
if (error instanceof ProxyPoolEmptyError) console.log(error.message);
// #endregion

// #region reset
for (const proxyId of rotator.circuitBreakers.keys()) rotator.resetCircuitBreaker(proxyId);
// #endregion

const response = await rotator.get(url);
console.log(`${response.status} ${await response.text()}`);

// #region clear
// Or away with them.
console.log(`${rotator.clearUnhealthyProxies()} proxies removed, ${rotator.pool.size} left`);
// #endregion

await closeAll(rotator, target, recovering);
