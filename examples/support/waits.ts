import { AttemptFailure, ProxyRotator, type RetryPolicy } from '@mulligan/proxy';
import { virtualWorld } from 'mulligan/testing';

/** The waits of a request that always fails, on virtual time. */
export async function waitsOf(retryPolicy: RetryPolicy): Promise<readonly number[]> {
  const waits: number[] = [];
  const world = virtualWorld({ seed: 7 });
  const rotator = new ProxyRotator({
    proxies: ['http://proxy1.example.com:8080', 'http://proxy2.example.com:8080'],
    retryPolicy,
    world,
    onEvent(event) {
      if (event.type === 'retry.scheduled') waits.push(event.waitMs);
    },
  });
  const refused = new AttemptFailure('refused', { fault: 'target', mayFailOver: true, phase: 'connect' });
  const request = { id: '1', method: 'GET', target: 'api.example.com:443' };
  await world.run(rotator.failover(request, () => Promise.reject(refused)).catch(() => {}));
  return waits;
}
