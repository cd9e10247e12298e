// Seed 3, example 8: proxies of the region that a request names are preferred, for retries by their score.
// #region regions
import { ProxyRotator } from '@mulligan/proxy';
// #endregion
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const [eu, us1, us2] = [await serveProxy(), await serveBrokenProxy(), await serveProxy()];
const { url } = target;

// #region regions
const rotator = new ProxyRotator({
  proxies: [
    { id: 'eu', url: eu.url, metadata: { region: 'EU-WEST' } },
    { id: 'us-1', url: us1.url, metadata: { region: 'US-EAST' } },
    { id: 'us-2', url: us2.url, region: 'US-EAST' },
  ],
  strategy: 'round-robin',
  retryPolicy: { baseDelay: '0.1s' },
  onEvent(event) {
    if (event.type === 'attempt.ended') console.log(`${event.proxyId}: ${event.outcome}`);
  },
});
const response = await rotator.get(url, { region: 'US-EAST' });
// #endregion

console.log(`${response.status} ${await response.text()}`);

// #region explain
const { candidates } = rotator.explain({ region: 'US-EAST', isRetry: true });
for (const { id, verdict, value } of candidates) console.log(`${id}: ${verdict}, score ${value?.toFixed(2)}`);
// #endregion

await closeAll(rotator, target, eu, us1, us2);
