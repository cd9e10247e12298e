// A gateway in a program: users with pools of their own, what happened to each request, and an orderly end.
// #region gateway
import { Gateway, ProxyRotator } from '@mulligan/proxy';
// #endregion
import { ProxyAgent, request } from 'undici';
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const [broken, fast, slow] = [await serveBrokenProxy(), await serveProxy(), await serveProxy()];

// #region gateway
const rotator = new ProxyRotator({
  proxies: [
    { id: 'broken', url: broken.url, tags: ['shop'] },
    { id: 'fast', url: fast.url, tags: ['shop'], region: 'eu' },
    { id: 'slow', url: slow.url, tags: ['spare'] },
  ],
  strategy: 'round-robin',
});
const gateway = new Gateway({
  rotator,
  port: 0,
  auth: [
    { username: 'shop', password: 's3cret', tags: ['shop'], maxConcurrent: 20 },
    { username: 'spare', password: 's3cret', tags: ['spare'], ratePerSecond: 5 },
  ],
  limits: { connections: 5000, queue: 200, queueTime: '2s' },
});
gateway.onEvent((event) => {
  if (event.type !== 'gateway.ended') return;
  console.log(`${event.user}: ${event.method}, ${event.status} after ${event.attempts} attempt(s)`);
});
await gateway.listen();
// #endregion

// #region undici
const agent = new ProxyAgent({
  uri: gateway.url,
  proxyTunnel: false,
  token: `Basic ${Buffer.from('shop-session-a1:s3cret').toString('base64')}`,
});
const { statusCode, body } = await request(target.url, { dispatcher: agent });
// #endregion
console.log(`${statusCode} ${await body.text()}`);
await agent.close();

// #region close
// Nothing new begins; what runs may come to its end, for ten seconds.
await gateway.close({ within: '10s' });
// #endregion
await closeAll(rotator, target, broken, fast, slow);
