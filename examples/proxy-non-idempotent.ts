// Seed 3, example 6: a POST is sent once, unless you say that it may be sent twice.
// #region once
import { ProxyConnectionError, ProxyRotator } from '@mulligan/proxy';
// #endregion
import { closeAll, serveProxy, serveTarget } from './support/proxies.ts';
import { serve } from './support/serve.ts';

const target = await serveTarget();
const hangingUp = await serve((_request, reply) => void reply.destroy());
const working = await serveProxy();
const { url } = target;
const rotator = new ProxyRotator({
  proxies: [hangingUp.url, working.url],
  strategy: 'round-robin',
  retryPolicy: { baseDelay: '0.1s' },
});

// #region once
// Nobody knows whether the target has processed it: it is not sent again.
const error = await rotator.post(url, { body: 'order' }).catch((error: unknown) => error);
if (error instanceof ProxyConnectionError) console.log(`${error.reason} after ${error.attempts} attempt`);
// #endregion

await rotator.get(url);

// #region twice
// For what does no harm when it is processed twice, such as with an idempotency key.
const retryPolicy = rotator.retryPolicy.with({ retryNonIdempotent: true });
const response = await rotator.post(url, { body: 'order', headers: { 'idempotency-key': 'order-7' }, retryPolicy });
// #endregion

console.log(`${response.status} ${await response.text()}`);
await closeAll(rotator, target, hangingUp, working);
