import { virtualWorld } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { AttemptFailure } from '../failure/index.ts';
import { ProxyRotator, proxywhirlLog, type RotatorOptions } from './index.ts';

function start(options: RotatorOptions): {
  rotator: ProxyRotator;
  lines: string[];
  world: ReturnType<typeof virtualWorld>;
} {
  const lines: string[] = [];
  const write = (severity: string) => (message: string) => lines.push(`${severity} ${message}`);
  const logger = { debug: write('DEBUG'), info: write('INFO'), warn: write('WARNING'), error: write('ERROR') };
  const world = virtualWorld();
  return {
    rotator: new ProxyRotator({ world, strategy: 'round-robin', ...options, onEvent: proxywhirlLog(logger) }),
    lines,
    world,
  };
}

const request = { id: 'r1', method: 'GET', target: 'origin:80' };
const refused = () => new AttemptFailure('connection refused', { fault: 'proxy', mayFailOver: true, phase: 'connect' });
const busy = () =>
  new AttemptFailure('Status code 503', { fault: 'proxy', mayFailOver: true, phase: 'head', status: 503 });

test('a request that succeeds at its third attempt', async () => {
  const { rotator, lines, world } = start({ proxies: ['a:1', 'b:1', 'c:1'] });
  await world.run(
    rotator.failover(request, async ({ number }) => {
      if (number < 3) throw number === 1 ? refused() : busy();
    }),
  );
  expect(lines).toEqual([
    'INFO Making GET request to origin:80',
    'WARNING Connection error with proxy a:1: connection refused',
    'INFO Retry attempt 2/3 after 1.00s delay',
    'WARNING Received retryable status 503 from proxy b:1',
    'INFO Retry attempt 3/3 after 2.00s delay',
    'INFO Request succeeded on attempt 3 using proxy c:1',
    'INFO Request successful: GET origin:80',
  ]);
});

test('one that fails until all breakers are open, and a reset', async () => {
  const { rotator, lines, world } = start({
    proxies: ['a:1'],
    circuitBreaker: { failures: 2 },
    retryPolicy: { maxAttempts: 2 },
  });
  await world.run(rotator.failover(request, () => Promise.reject(refused())).catch(() => {}));
  await world.run(rotator.failover(request, () => Promise.reject(refused())).catch(() => {}));
  rotator.resetCircuitBreaker('a:1');
  expect(lines).toEqual([
    'INFO Making GET request to origin:80',
    'WARNING Connection error with proxy a:1: connection refused',
    'INFO Retry attempt 2/2 after 1.00s delay',
    'WARNING Circuit breaker for proxy a:1 transitioned from closed to open',
    'WARNING Connection error with proxy a:1: connection refused',
    'ERROR All 2 retry attempts exhausted for request r1',
    'WARNING Request failed after retries: GET origin:80',
    'INFO Making GET request to origin:80',
    'ERROR All circuit breakers are open - no proxies available',
    'ERROR No healthy proxies available or all circuit breakers open',
    'WARNING Request failed after retries: GET origin:80',
    'INFO Circuit breaker for proxy a:1 transitioned from open to closed',
    'INFO Circuit breaker manually reset for proxy a:1',
  ]);
});

test('the URL is told without its credentials and its query', async () => {
  const { rotator, lines } = start({ retryPolicy: { maxAttempts: 1 } });
  await rotator.get('http://alice:secret@origin.example/path?token=secret').catch(() => {});
  expect(lines).toEqual([
    'INFO Making GET request to http://origin.example/path',
    'ERROR No healthy proxies available or all circuit breakers open',
    'WARNING Request failed after retries: GET http://origin.example/path',
  ]);
});

test('one that fails as nobody can help', async () => {
  const { rotator, lines } = start({ proxies: ['a:1'] });
  const mistake = new AttemptFailure('no such method', { fault: 'client', mayFailOver: false, phase: 'head' });
  await rotator.failover(request, () => Promise.reject(new RangeError('a bug'))).catch(() => {});
  await rotator.failover(request, () => Promise.reject(mistake)).catch(() => {});
  expect(lines).toContain('ERROR Non-retryable error: a bug');
});

test('one that must not be repeated, and one that runs out of time', async () => {
  const { rotator, lines, world } = start({ proxies: ['a:1'], retryPolicy: { timeout: '5s' } });
  const processed = new AttemptFailure('reset', { fault: 'proxy', mayFailOver: false, phase: 'head' });
  await world.run(rotator.failover({ ...request, method: 'POST' }, () => Promise.reject(processed)).catch(() => {}));
  await world.run(rotator.failover(request, () => new Promise(() => {})).catch(() => {}));
  expect(lines).toContain('DEBUG Non-idempotent method POST - retries disabled unless explicitly enabled');
  expect(lines).toContain('WARNING Retryable error with proxy a:1: reset');
  expect(lines).toContain('WARNING Request timeout exceeded (5s) after 1 attempts');
});
