// How the next proxy is chosen: strategies, filters, sessions, and why it was this one.
import { ProxyRotator } from '@mulligan/proxy';
// #region own
import type { LotStrategy } from '@mulligan/proxy';
// #endregion
import { closeAll, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const servers = await Promise.all([serveProxy(), serveProxy(), serveProxy()]);
const [a, b, c] = servers;
const { url } = target;
const used: (string | undefined)[] = [];

// #region choose
const rotator = new ProxyRotator({
  proxies: [
    { id: 'a', url: a.url, region: 'EU', tags: ['fast'], weight: 3 },
    { id: 'b', url: b.url, region: 'EU', tags: ['fast', 'residential'], cost: 2 },
    { id: 'c', url: c.url, region: 'US', tags: ['fast', 'residential'] },
  ],
  strategy: 'round-robin',
  sessionTtl: '10m',
  onEvent(event) {
    if (event.type === 'attempt.ended') used.push(event.proxyId);
  },
});

await rotator.get(url, { region: 'EU', tags: ['fast', 'residential'] });

// Requests of one session stay with their proxy while it works.
for (let request = 0; request < 3; request++) await rotator.get(url, { session: 'alice' });

// Only in that region, or not at all.
const error = await rotator.get(url, { region: 'ASIA', regionOnly: true }).catch((error: unknown) => error);
// #endregion

console.log(used.join(' '));
console.log(String(error));

// #region why
rotator.strategy = 'lowest-cost';
const { strategy, candidates } = rotator.explain({ tags: ['residential'] });
console.log(strategy, candidates.map(({ id, verdict }) => `${id} ${verdict}`).join(', '));
// #endregion

// #region own
// Proxies that have failed lately are drawn less often.
const byRecentSuccess: LotStrategy = {
  name: 'by-recent-success',
  kind: 'lot',
  weight: ({ stats }) => stats.ewmaSuccess ** 2,
};
rotator.strategy = byRecentSuccess;
// #endregion

console.log((await rotator.get(url)).status, 'by', rotator.strategy.name);
await closeAll(rotator, target, ...servers);
