// Bans, and checks of proxies that nobody uses.
// #region bans
import { ProxyRotator } from '@mulligan/proxy';
// #endregion
// #region monitor
import { HealthMonitor } from '@mulligan/proxy';
// #endregion
import { closeAll, serveProxy } from './support/proxies.ts';
import { serve } from './support/serve.ts';

let requests = 0;
const shop = await serve((_request, reply) => void reply.end(++requests === 1 ? 'Are you a robot?' : 'welcome'));
const [one, other] = [await serveProxy(), await serveProxy()];
const proxies = [
  { id: 'one', url: one.url },
  { id: 'other', url: other.url },
];

// #region bans
const rotator = new ProxyRotator({
  proxies,
  strategy: 'round-robin',
  retryPolicy: { baseDelay: '0.1s' },
  // Any of these; everything that a rule names must be so.
  bans: [
    { status: [403, 429], hosts: ['shop.example.com'] },
    { header: { name: 'x-blocked', matches: /^bot/i } },
    { status: 200, body: 'Are you a robot?' },
  ],
  // So long a banned proxy rests for that target, unless the answer says how long. Its breaker is left alone.
  rest: '5m',
});
const response = await rotator.get(shop.url);
// #endregion

console.log(await response.text());
for (const { id, stats } of rotator.pool) console.log(`${id}: ${stats.started} requests`);

// #region check
const { isWorking } = await rotator.checkProxy('one', { url: shop.url, timeout: '5s' });
// #endregion

console.log(`one works: ${isWorking}`);

// #region monitor
// Proxies that no request has used for a minute, and those whose breaker is open. The dead are asked less and less.
const monitor = new HealthMonitor(rotator, {
  url: shop.url,
  interval: '1m',
  deadInterval: '30s',
  maxDeadInterval: '1h',
});
// #endregion

monitor.close();
await closeAll(rotator, shop, one, other);
