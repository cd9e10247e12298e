// Seed 3: requests through a pool of proxies, of which one is down.
// #region rotator
import { BackoffStrategy, ProxyRotator, RetryPolicy } from '@mulligan/proxy';
// #endregion
import { request as forward } from 'node:http';
import { type Served, serve } from './support/serve.ts';

const target = await serve((_request, reply) => void reply.end('data'));

function serveProxy(): Promise<Served> {
  return serve(({ method, url = '', headers }, reply) => {
    forward(url, { method, headers }, (response) => {
      reply.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(reply);
    }).end();
  });
}

const working = await serveProxy();
const broken = await serve((_request, reply) => void reply.writeHead(503).end());

// #region rotator
const retryPolicy = new RetryPolicy({
  maxAttempts: 5,
  backoffStrategy: BackoffStrategy.LINEAR,
  baseDelay: '0.1s',
  maxBackoffDelay: '30s',
  jitter: true,
  retryStatusCodes: [502, 503, 504, 429],
  timeout: '15s',
  retryNonIdempotent: false,
});

const rotator = new ProxyRotator({
  proxies: [
    { id: 'broken', url: broken.url },
    { id: 'working', url: working.url },
  ],
  strategy: 'round-robin',
  retryPolicy,
});

const response = await rotator.get(target.url);
// #endregion

console.log(`${response.status} ${await response.text()}`);

// #region states
for (const [id, { state, failureCount }] of rotator.getCircuitBreakerStates()) {
  console.log(`${id}: ${state}, ${failureCount} failures`);
}
const { successByAttempt } = rotator.getRetryMetrics().getSummary();
// #endregion

console.log(`successes by retries: ${JSON.stringify(successByAttempt)}`);
await rotator.close();
await Promise.all([target, working, broken].map((server) => server.close()));
