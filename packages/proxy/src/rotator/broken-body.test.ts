import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { start } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { caught, failure, request, testRotator } from '../../../../test/support/rotator.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';
import { ProxyRotator, type RotatorOptions } from './index.ts';

/** A response that begins well. */
const begin: RequestListener = (_, reply) => {
  reply.writeHead(200, { 'content-length': 1000 });
  reply.write('the beginning');
};

/** A proxy that hangs up in the middle of each response. */
async function startBreakingProxy(): Promise<string> {
  const server = createServer((message, reply) => {
    begin(message, reply);
    setImmediate(() => reply.destroy());
  });
  const { port } = await start(listening(server));
  return `http://127.0.0.1:${port}`;
}

function rotatorOf(url: string, options: RotatorOptions = {}): ProxyRotator {
  const rotator = new ProxyRotator({ proxies: [{ id: 'p', url }], ...options });
  onTestFinished(() => rotator.close());
  return rotator;
}

const stateOf = ({ pool }: ProxyRotator) => {
  const { breaker, stats } = pool.get('p')!;
  const { state, failureCount } = breaker.snapshot();
  const { requests, successes, inFlight } = stats;
  return { state, failureCount, requests, successes, inFlight };
};

test('a proxy that breaks off a response is charged, although the response had begun', async () => {
  const rotator = rotatorOf(await startBreakingProxy(), { circuitBreaker: { failures: 3 } });
  for (let count = 1; count <= 3; count++) {
    const response = await rotator.get('http://origin.example/');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(stateOf(rotator)).toMatchObject({ failureCount: count, requests: count, successes: 0, inFlight: 0 });
  }
  expect(stateOf(rotator).state).toBe('open');
  expect(rotator.pool.get('p')?.stats.lastFailure).toMatch(/closed|terminated|reset/u);
});

test('a caller who wants no more of a response charges nobody', async () => {
  const origin = await start(startOrigin({ respond: begin }));
  const rotator = rotatorOf((await start(startWorkingProxy())).url);
  await (await rotator.get(origin.url)).body?.cancel();
  const controller = new AbortController();
  const response = await rotator.get(origin.url, { signal: controller.signal });
  const text = response.text().catch(caught);
  controller.abort();
  await text;
  await expect.poll(() => stateOf(rotator).inFlight).toBe(0);
  expect(stateOf(rotator)).toMatchObject({ failureCount: 0, requests: 2, successes: 2 });
});

test('what is broken off before the attempt has ended counts once, as a failure', async () => {
  const { rotator } = testRotator({ proxies: [{ id: 'p', url: 'p:1' }] });
  await rotator.failover(request, async ({ hold, answered }) => {
    answered({ status: 200 });
    const letGo = hold();
    letGo(failure({ phase: 'body' }));
    letGo(failure({ phase: 'body' }));
  });
  expect(stateOf(rotator)).toEqual({ state: 'closed', failureCount: 1, requests: 1, successes: 0, inFlight: 0 });
});

test.each([
  ['the target’s own doing', failure({ fault: 'target', phase: 'body' })],
  ['the caller’s own doing', failure({ fault: 'client', phase: 'body' })],
])('%s is not charged to the proxy', async (_name, brokenBy) => {
  const { rotator } = testRotator({ proxies: [{ id: 'p', url: 'p:1' }] });
  const letGo = await rotator.failover(request, async ({ hold }) => hold());
  expect(stateOf(rotator).inFlight).toBe(1);
  letGo(brokenBy);
  expect(stateOf(rotator)).toMatchObject({ failureCount: 0, requests: 1, successes: 1, inFlight: 0 });
});

test('an attempt that has failed is not charged again for its body', async () => {
  const { rotator, world } = testRotator({ proxies: [{ id: 'p', url: 'p:1' }], retryPolicy: { maxAttempts: 1 } });
  let letGo = (_brokenBy: ReturnType<typeof failure>): void => {};
  const failed = rotator.failover(request, async ({ hold }) => {
    letGo = hold();
    throw failure();
  });
  await world.run(failed.catch(caught));
  letGo(failure({ phase: 'body' }));
  expect(stateOf(rotator)).toMatchObject({ failureCount: 1, requests: 1, inFlight: 0 });
});
