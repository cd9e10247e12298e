import { circuitBreaker } from 'mulligan';
import { describe, expect, test } from 'vitest';
import { caught, everywhere, failure, request, testRotator, workOf } from '../../../../test/support/rotator.ts';
import { AttemptFailure } from '../failure/index.ts';
import {
  ProxyAuthenticationError,
  ProxyConnectionError,
  ProxyPoolEmptyError,
  type ProxyRotator,
  type RotatorOptions,
} from './index.ts';

describe('breakers', () => {
  const states = ({ pool }: ProxyRotator): string[] => pool.list().map(({ breaker }) => breaker.state);

  test('a proxy whose breaker opened during the call is left', async () => {
    const { rotator, world } = testRotator({
      proxies: ['a:1', 'b:1'],
      circuitBreaker: { failures: 1 },
      retryPolicy: { maxAttempts: 5 },
    });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'b:1']);
    expect(error).toBeInstanceOf(ProxyPoolEmptyError);
    expect((error as Error).cause).toBeInstanceOf(AttemptFailure);
  });

  test('when all are open the answer comes at once, says when to come back, and no work is begun', async () => {
    const { rotator, world } = testRotator({ circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.advance('10s');
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf({}, seen)).catch(caught));
    expect(error).toMatchObject({
      message:
        '503 Service Temporarily Unavailable - All proxies are currently failing. Please wait for circuit breakers to recover.',
      status: 503,
      retryAfterMs: 20_000,
    });
    expect([seen, world.now()]).toEqual([[], 10_000]);
  });

  test('after its time one test goes through, and closes the breaker', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'], circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(states(rotator)).toEqual(['open']);
    await world.advance('30s');
    let release = (): void => {};
    const probe = rotator.failover(request, () => new Promise<string>((resolve) => (release = () => resolve('ok'))));
    await expect(rotator.failover(request, workOf({}))).rejects.toBeInstanceOf(ProxyPoolEmptyError);
    release();
    await expect(probe).resolves.toBe('ok');
    expect(states(rotator)).toEqual(['closed']);
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('opens at the fifth failure within a minute, and once reset is closed', async () => {
    const { rotator, world, events } = testRotator({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    for (let i = 0; i < 5; i++) await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({
      state: 'open',
      failureCount: 5,
      failureThreshold: 5,
      retryAfterMs: 30_000,
    });
    rotator.resetCircuitBreaker('a:1');
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ state: 'closed', failureCount: 0 });
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
    expect(events.filter(({ type }) => type.startsWith('breaker')).map(({ type }) => type)).toEqual([
      'breaker.transition',
      'breaker.transition',
      'breaker.reset',
    ]);
    expect(() => rotator.resetCircuitBreaker('x:1')).toThrow('the pool has no proxy "x:1"');
  });

  test('new settings are in force at once, everywhere', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    rotator.breakerSettings = { failures: 2, openFor: '5s' };
    for (let i = 0; i < 2; i++) await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ state: 'open', retryAfterMs: 5000 });
    expect(rotator.addProxy('b:1').breaker.snapshot().failureThreshold).toBe(2);
  });

  test('start closed, always: also of a proxy that comes back', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'], circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(states(rotator)).toEqual(['open']);
    const kept = rotator.getRetryMetrics().snapshot();
    rotator.removeProxy('a:1');
    rotator.addProxy('a:1');
    expect(states(rotator)).toEqual(['closed']);
    const restarted = testRotator({ proxies: ['a:1'] }).rotator;
    restarted.getRetryMetrics().restore(kept);
    expect(restarted.getRetryMetrics().getBreakerEvents()).toHaveLength(1);
    expect(states(restarted)).toEqual(['closed']);
  });

  test('proxies whose breaker is open can be cleared away', async () => {
    const { rotator, world } = testRotator({ circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover(request, workOf({ 'a:1': failure })));
    expect(rotator.clearUnhealthyProxies()).toBe(1);
    expect(rotator.pool.list().map(({ id }) => id)).toEqual(['b:1', 'c:1']);
    expect(rotator.circuitBreakers.has('a:1')).toBe(false);
  });

  test('the default is that of a breaker made by hand', () => {
    const { failureThreshold, windowMs, openForMs } = circuitBreaker().snapshot();
    expect(testRotator().rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({
      failureThreshold,
      windowMs,
      openForMs,
    });
  });
});

describe('whose fault it is', () => {
  const charged = ({ pool }: ProxyRotator): number[] =>
    pool.list().map(({ breaker }) => breaker.snapshot().failureCount);
  const run = async (make: () => unknown, options: RotatorOptions = {}): Promise<ProxyRotator> => {
    const { rotator, world } = testRotator(options);
    await world.run(rotator.failover(request, workOf(everywhere(make))).catch(caught));
    return rotator;
  };

  test.each([
    ['the proxy’s own failure is charged to it', 'proxy', [1, 1, 1]],
    ['the target’s is not', 'target', [0, 0, 0]],
    ['a ban is not', 'pair', [0, 0, 0]],
  ] as const)('%s', async (_name, fault, expected) => {
    expect(charged(await run(() => failure({ fault })))).toEqual(expected);
  });

  test('what fails in the same way through three proxies is the target’s', async () => {
    const rotator = await run(() => failure({ isAmbiguous: true, phase: 'head', status: 502 }));
    expect(charged(rotator)).toEqual([1, 1, 0]);
  });

  test('unless the target works through some proxy: then every proxy that fails is charged', async () => {
    const { rotator, world } = testRotator({ budget: null, circuitBreaker: { failures: 100 } });
    const ambiguous = () => failure({ isAmbiguous: true, phase: 'handshake', status: 503 });
    await world.run(async () => {
      for (let i = 0; i < 12; i++) await rotator.failover(request, workOf({ 'a:1': ambiguous, 'b:1': ambiguous }));
    });
    const failures = rotator.pool.list().map(({ stats }) => stats.failures);
    expect(charged(rotator)).toEqual(failures);
    expect(failures[0]).toBeGreaterThan(2);
  });

  test('a proxy that a target has banned rests for that target only', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1', 'b:1'], rest: '1m', strategy: 'least-used' });
    const banned = () => failure({ fault: 'pair', phase: 'head', status: 429 });
    await world.run(rotator.failover(request, workOf({ 'a:1': banned })));
    const seen: string[] = [];
    await world.run(async () => {
      for (let i = 0; i < 3; i++) await rotator.failover(request, workOf({}, seen));
      await rotator.failover({ ...request, target: 'other:80' }, workOf({}, seen));
    });
    expect(seen).toEqual(['b:1', 'b:1', 'b:1', 'a:1']);
    await world.advance('1m');
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a proxy that rests is still better than none', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    const banned = () => failure({ fault: 'pair', phase: 'head', status: 429 });
    await world.run(rotator.failover(request, workOf({ 'a:1': banned })).catch(caught));
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a proxy that wants other credentials is left, and if none takes them the error says so', async () => {
    const wrong = () => failure({ status: 407, phase: 'handshake' });
    const { rotator, world } = testRotator();
    await expect(world.run(rotator.failover(request, workOf({ 'a:1': wrong })))).resolves.toBeDefined();
    const error = await world.run(rotator.failover(request, workOf(everywhere(wrong))).catch(caught));
    expect(error).toBeInstanceOf(ProxyAuthenticationError);
  });

  test('an attempt can fail although its value is handed on', async () => {
    const { rotator, world, events } = testRotator();
    const value = await world.run(
      rotator.failover(request, async (attempt) => {
        attempt.answered({ status: 503, failure: failure({ phase: 'head', status: 503 }) });
        return 'the 503 itself';
      }),
    );
    expect(value).toBe('the 503 itself');
    expect(charged(rotator)).toEqual([1, 0, 0]);
    expect(events.at(-1)).toMatchObject({ type: 'request.ended', outcome: 'failure', status: 503 });
  });
});

describe('time and aborts', () => {
  const never = (): Promise<never> => new Promise(() => {});

  test('at the end of its time the request ends, and the proxy that took it all is charged', async () => {
    const { rotator, world, events } = testRotator({ retryPolicy: { timeout: '5s' } });
    const error = await world.run(rotator.failover(request, never).catch(caught));
    expect(world.now()).toBe(5000);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(error).toMatchObject({ message: 'Request timeout after 5.00s', reason: 'deadline' });
    expect(rotator.pool.get('a:1')?.stats).toMatchObject({ inFlight: 0, failures: 1 });
    expect(events.find(({ type }) => type === 'attempt.ended')).toMatchObject({ outcome: 'timeout' });
  });

  test('a later proxy is not charged for the time that others used up', async () => {
    const { rotator, world } = testRotator({ retryPolicy: { timeout: '1.5s' } });
    await world.run(
      rotator.failover(request, ({ number }) => (number === 1 ? Promise.reject(failure()) : never())).catch(caught),
    );
    expect(rotator.pool.list().map(({ stats }) => stats.failures)).toEqual([1, 0, 0]);
    expect(rotator.pool.list().every(({ stats }) => stats.inFlight === 0)).toBe(true);
  });

  test('a wait that does not fit into the time ends the request at once', async () => {
    const { rotator, world } = testRotator({ retryPolicy: { timeout: '0.5s', baseDelay: '5s' } });
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect([world.now(), (error as ProxyConnectionError).reason]).toEqual([0, 'deadline']);
  });

  test('unless it is to be shortened: then the request ends when its time is over', async () => {
    const { rotator, world } = testRotator({
      retryPolicy: { timeout: '1.4s', maxAttempts: 5, ifWaitDoesNotFit: 'shorten' },
    });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect([seen, world.now()]).toEqual([['a:1', 'b:1'], 1400]);
    expect(error).toMatchObject({ message: 'Request timeout after 1.40s', reason: 'deadline' });
  });

  test('a caller who aborts gets the reason, and no proxy is charged', async () => {
    const { rotator, world, events } = testRotator();
    const controller = new AbortController();
    const call = rotator.failover({ ...request, signal: controller.signal }, never).catch(caught);
    await world.advance(100);
    controller.abort('gone');
    expect(await call).toBe('gone');
    expect(rotator.pool.get('a:1')?.stats).toMatchObject({ inFlight: 0, requests: 0 });
    expect(events.at(-1)).toMatchObject({ type: 'request.ended', outcome: 'cancelled' });
  });
});

describe('limits of a proxy', () => {
  test('a tunnel keeps its proxy in use until it is let go', async () => {
    const { rotator } = testRotator({ proxies: [{ url: 'a:1', maxConcurrent: 1 }] });
    const letGo = await rotator.failover(request, async (attempt) => attempt.hold());
    await expect(rotator.failover(request, workOf({}))).rejects.toBeInstanceOf(ProxyPoolEmptyError);
    letGo();
    letGo();
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a paced proxy is used as often as it may be', async () => {
    const { rotator, world } = testRotator({
      proxies: [{ url: 'a:1', ratePerSecond: 2 }, 'b:1'],
      strategy: 'lowest-cost',
    });
    const seen: string[] = [];
    await world.run(async () => {
      for (let i = 0; i < 3; i++) await rotator.failover(request, workOf({}, seen));
    });
    await world.advance(500);
    await world.run(rotator.failover(request, workOf({}, seen)));
    expect(seen).toEqual(['a:1', 'a:1', 'b:1', 'a:1']);
  });

  test('limits that change are in force for the next request', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'] });
    void rotator.failover(request, () => new Promise(() => {}));
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
    rotator.pool.update('a:1', { maxConcurrent: 1 });
    const refused = 'All proxies are failing, paused or at their limits now.';
    await expect(rotator.failover(request, workOf({}))).rejects.toThrow(refused);
    rotator.pool.update('a:1', { maxConcurrent: 2, ratePerSecond: 1 });
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
    await expect(rotator.failover(request, workOf({}))).rejects.toMatchObject({ retryAfterMs: 1000 });
    await world.advance('1s');
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a paused proxy is not used, and the error tells what was asked for', async () => {
    const { rotator } = testRotator({ proxies: [{ url: 'a:1', tags: ['fast'] }, 'b:1'] });
    rotator.pool.update('a:1', { paused: true });
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('b:1');
    await expect(rotator.failover({ ...request, tags: ['fast'] }, workOf({}))).rejects.toThrow(
      'No proxy with the tag fast can be used now.',
    );
  });

  test('an empty pool says that it is empty', async () => {
    const { rotator } = testRotator({ proxies: [] });
    await expect(rotator.failover(request, workOf({}))).rejects.toThrow('The pool has no proxies. Add one first.');
  });
});
