import { circuitBreaker, ledgerOf, retryBudget, setActive, setTesting } from 'mulligan';
import { virtualWorld, type VirtualWorld } from 'mulligan/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { AttemptFailure, type AttemptFailureDetails } from '../failure/index.ts';
import {
  type FailoverAttempt,
  type FailoverRequest,
  ProxyAuthenticationError,
  ProxyConnectionError,
  type ProxyEvent,
  ProxyPoolEmptyError,
  ProxyRotator,
  type RotatorOptions,
} from './index.ts';

const request: FailoverRequest = { id: 'r1', method: 'GET', target: 'origin:80' };

function failure(details: Partial<AttemptFailureDetails> = {}): AttemptFailure {
  return new AttemptFailure('connection refused', { fault: 'proxy', mayFailOver: true, phase: 'connect', ...details });
}

function start(options: RotatorOptions = {}): { rotator: ProxyRotator; world: VirtualWorld; events: ProxyEvent[] } {
  const world = virtualWorld();
  const events: ProxyEvent[] = [];
  const proxies = ['a:1', 'b:1', 'c:1'];
  const rotator = new ProxyRotator({ proxies, strategy: 'round-robin', world, onEvent: (event) => events.push(event), ...options });
  return { rotator, world, events };
}

/** Work that fails as scripted, by proxy, and remembers where it has been. */
function workOf(script: Record<string, () => unknown>, seen: string[] = []): (attempt: FailoverAttempt) => Promise<string> {
  return async ({ proxy }) => {
    const id = proxy?.id ?? 'direct';
    seen.push(id);
    const error = script[id]?.();
    if (error !== undefined) throw error;
    return id;
  };
}

const everywhere = (make: () => unknown): Record<string, () => unknown> => ({ 'a:1': make, 'b:1': make, 'c:1': make });
const caught = (error: unknown): unknown => error;

describe('where attempts go', () => {
  test('every retry goes to a proxy that was not tried', async () => {
    const { rotator, world } = start();
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(error).toMatchObject({ message: 'Request failed after 3 attempts: connection refused', attempts: 3, reason: 'attempts' });
    expect(world.now()).toBe(3000);
    expect(ledgerOf(error)?.attempts).toBe(3);
  });

  test('when all have been tried, the last one is left alone', async () => {
    const { rotator, world } = start({ proxies: ['a:1', 'b:1'], retryPolicy: { maxAttempts: 4 } });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'b:1', 'a:1', 'b:1']);
  });

  test('the only proxy is tried again', async () => {
    const { rotator, world } = start({ proxies: ['a:1'] });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'a:1', 'a:1']);
  });

  test('a retry prefers the best score', async () => {
    const { rotator, world } = start({ strategy: 'round-robin', budget: null });
    await world.run(async () => {
      for (let i = 0; i < 3; i++) await rotator.failover(request, workOf({ 'b:1': failure }));
    });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf({ 'a:1': failure, 'b:1': failure }, seen)));
    expect(seen.at(-1)).toBe('c:1');
  });

  test('a proxy in the region is preferred', async () => {
    const { rotator, world } = start({ proxies: ['a:1', { url: 'b:1', region: 'EU' }, { url: 'c:1', metadata: { region: 'EU' } }] });
    const seen: string[] = [];
    await world.run(rotator.failover({ ...request, region: 'EU' }, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['b:1', 'c:1', 'a:1']);
  });

  test('a session stays with its proxy, and moves for good when that fails', async () => {
    const { rotator, world } = start();
    const session = { ...request, session: 's' };
    const seen: string[] = [];
    await world.run(async () => {
      await rotator.failover(session, workOf({}, seen));
      await rotator.failover(session, workOf({}, seen));
      await rotator.failover(session, workOf({ 'a:1': failure }, seen));
      await rotator.failover(session, workOf({}, seen));
    });
    expect(seen.slice(0, 3)).toEqual(['a:1', 'a:1', 'a:1']);
    expect(seen[3]).not.toBe('a:1');
    expect(seen[4]).toBe(seen[3]);
  });

  test('without proxies every attempt goes straight to the target', async () => {
    const { rotator, world } = start({ direct: true, proxies: [] });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf({ direct: () => failure({ fault: 'target' }) }, seen)).catch(caught));
    expect(seen).toEqual(['direct', 'direct', 'direct']);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(rotator.getRetryMetrics().getByProxy().get('direct')?.totalAttempts).toBe(3);
  });
});

describe('how long retries wait', () => {
  test('as the policy says', async () => {
    const { rotator, world } = start({ retryPolicy: { backoffStrategy: 'linear', baseDelay: '2s' } });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(6000);
  });

  test('not at all between different proxies after a connection that did not come about, where that is asked for', async () => {
    const { rotator, world, events } = start({ waitBetweenProxies: 'none-if-other' });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(0);
    const waits = events.flatMap((event) => (event.type === 'retry.scheduled' ? [[event.waitMs, event.waitSource]] : []));
    expect(waits).toEqual([[0, 'failover'], [0, 'failover']]);
  });

  test('but they do when there is no other proxy, or a server has answered', async () => {
    const alone = start({ waitBetweenProxies: 'none-if-other', proxies: ['a:1'] });
    await alone.world.run(alone.rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(alone.world.now()).toBe(3000);
    const answered = start({ waitBetweenProxies: 'none-if-other' });
    const busy = () => failure({ phase: 'head', status: 503, fault: 'target' });
    await answered.world.run(answered.rotator.failover(request, workOf(everywhere(busy))).catch(caught));
    expect(answered.world.now()).toBe(3000);
  });

  test('as long as the target asks for, but not longer than the policy ever waits', async () => {
    const asked = start();
    const limited = (retryAfterMs: number) => () => failure({ phase: 'head', status: 503, fault: 'target', retryAfterMs });
    await asked.world.run(asked.rotator.failover(request, workOf(everywhere(limited(20_000)))).catch(caught));
    expect(asked.world.now()).toBe(40_000);
    const tooLong = start();
    const error = await tooLong.world.run(tooLong.rotator.failover(request, workOf(everywhere(limited(60_000)))).catch(caught));
    expect([tooLong.world.now(), (error as ProxyConnectionError).reason]).toEqual([0, 'hint-too-long']);
  });
});

describe('what is not tried again', () => {
  test.each([
    ['a failure that may not be repeated', failure({ mayFailOver: false }), request, 'not-retryable'],
    ['a POST that may have been processed', failure({ mayFailOver: false }), { ...request, method: 'POST' }, 'not-idempotent'],
    ['a body that can be sent only once', failure(), { ...request, isReplayable: () => false }, 'body-not-replayable'],
    ['what the client did itself', failure({ fault: 'client' }), request, 'not-retryable'],
  ])('%s', async (_name, error, asked, reason) => {
    const { rotator, world } = start();
    const seen: string[] = [];
    const final = await world.run(rotator.failover(asked, workOf(everywhere(() => error), seen)).catch(caught));
    expect(seen).toHaveLength(1);
    expect(final).toMatchObject({ reason, attempts: 1, cause: error });
  });

  test('an error that is no failure of an attempt comes back as it is', async () => {
    const { rotator, world } = start();
    const bug = new RangeError('a bug');
    await expect(world.run(rotator.failover(request, workOf(everywhere(() => bug))))).rejects.toBe(bug);
    expect(rotator.pool.list().map(({ stats }) => [stats.requests, stats.inFlight])).toEqual([[0, 0], [0, 0], [0, 0]]);
  });

  test('anything, when the request brings no policy of its own: null', async () => {
    const { rotator, world } = start();
    const seen: string[] = [];
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toHaveLength(1);
  });

  test('anything, when the budget is spent', async () => {
    const budget = retryBudget.keyed(() => retryBudget.quota({ capacity: 14 }));
    const { rotator, world } = start({ budget });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect([seen.length, (error as ProxyConnectionError).reason]).toEqual([2, 'budget']);
    const others: string[] = [];
    await world.run(rotator.failover({ ...request, target: 'other:80' }, workOf(everywhere(failure), others)).catch(caught));
    expect(others).toHaveLength(2);
  });
});

describe('the switches of the process', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const restore of undo.splice(0)) restore();
  });

  test('off: one attempt, and it knows that it is the last', async () => {
    undo.push(setActive(false));
    const { rotator, world } = start();
    const last: boolean[] = [];
    await world.run(
      rotator
        .failover(request, async ({ isLast }) => {
          last.push(isLast);
          throw failure();
        })
        .catch(caught),
    );
    expect(last).toEqual([true]);
  });

  test('testing: no waits', async () => {
    undo.push(setTesting(true, { attempts: 3 }));
    const { rotator, world } = start();
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(0);
  });
});

describe('breakers', () => {
  const states = ({ pool }: ProxyRotator): string[] => pool.list().map(({ breaker }) => breaker.state);

  test('a proxy whose breaker opened during the call is left', async () => {
    const { rotator, world } = start({ proxies: ['a:1', 'b:1'], circuitBreaker: { failures: 1 }, retryPolicy: { maxAttempts: 5 } });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'b:1']);
    expect(error).toBeInstanceOf(ProxyPoolEmptyError);
    expect((error as Error).cause).toBeInstanceOf(AttemptFailure);
  });

  test('when all are open the answer comes at once, says when to come back, and no work is begun', async () => {
    const { rotator, world } = start({ circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.run(rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure))).catch(caught));
    await world.advance('10s');
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf({}, seen)).catch(caught));
    expect(error).toMatchObject({
      message: '503 Service Temporarily Unavailable - All proxies are currently failing. Please wait for circuit breakers to recover.',
      status: 503,
      retryAfterMs: 20_000,
    });
    expect([seen, world.now()]).toEqual([[], 10_000]);
  });

  test('after its time one test goes through, and closes the breaker', async () => {
    const { rotator, world } = start({ proxies: ['a:1'], circuitBreaker: { failures: 1 } });
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
    const { rotator, world, events } = start({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    for (let i = 0; i < 5; i++) await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ state: 'open', failureCount: 5, failureThreshold: 5, retryAfterMs: 30_000 });
    rotator.resetCircuitBreaker('a:1');
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ state: 'closed', failureCount: 0 });
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
    expect(events.filter(({ type }) => type.startsWith('breaker')).map(({ type }) => type)).toEqual(['breaker.transition', 'breaker.transition', 'breaker.reset']);
    expect(() => rotator.resetCircuitBreaker('x:1')).toThrow('Circuit breaker not found for proxy: "x:1"');
  });

  test('new settings are in force at once, everywhere', async () => {
    const { rotator, world } = start({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    rotator.breakerSettings = { failures: 2, openFor: '5s' };
    for (let i = 0; i < 2; i++) await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ state: 'open', retryAfterMs: 5000 });
    expect(rotator.addProxy('b:1').breaker.snapshot().failureThreshold).toBe(2);
  });

  test('proxies whose breaker is open can be cleared away', async () => {
    const { rotator, world } = start({ circuitBreaker: { failures: 1 } });
    await world.run(rotator.failover(request, workOf({ 'a:1': failure })));
    expect(rotator.clearUnhealthyProxies()).toBe(1);
    expect(rotator.pool.list().map(({ id }) => id)).toEqual(['b:1', 'c:1']);
    expect(rotator.circuitBreakers.has('a:1')).toBe(false);
  });

  test('the default is that of a breaker made by hand', () => {
    const { failureThreshold, windowMs, openForMs } = circuitBreaker().snapshot();
    expect(start().rotator.getCircuitBreakerStates().get('a:1')).toMatchObject({ failureThreshold, windowMs, openForMs });
  });
});

describe('whose fault it is', () => {
  const charged = ({ pool }: ProxyRotator): number[] => pool.list().map(({ breaker }) => breaker.snapshot().failureCount);
  const run = async (make: () => unknown, options: RotatorOptions = {}): Promise<ProxyRotator> => {
    const { rotator, world } = start(options);
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
    const { rotator, world } = start({ budget: null, circuitBreaker: { failures: 100 } });
    const ambiguous = () => failure({ isAmbiguous: true, phase: 'handshake', status: 503 });
    await world.run(async () => {
      for (let i = 0; i < 12; i++) await rotator.failover(request, workOf({ 'a:1': ambiguous, 'b:1': ambiguous }));
    });
    const failures = rotator.pool.list().map(({ stats }) => stats.failures);
    expect(charged(rotator)).toEqual(failures);
    expect(failures[0]).toBeGreaterThan(2);
  });

  test('a proxy that a target has banned rests for that target only', async () => {
    const { rotator, world } = start({ proxies: ['a:1', 'b:1'], rest: '1m', strategy: 'least-used' });
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
    const { rotator, world } = start({ proxies: ['a:1'], retryPolicy: { maxAttempts: 1 } });
    const banned = () => failure({ fault: 'pair', phase: 'head', status: 429 });
    await world.run(rotator.failover(request, workOf({ 'a:1': banned })).catch(caught));
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a proxy that wants other credentials is left, and if none takes them the error says so', async () => {
    const wrong = () => failure({ status: 407, phase: 'handshake' });
    const { rotator, world } = start();
    await expect(world.run(rotator.failover(request, workOf({ 'a:1': wrong })))).resolves.toBeDefined();
    const error = await world.run(rotator.failover(request, workOf(everywhere(wrong))).catch(caught));
    expect(error).toBeInstanceOf(ProxyAuthenticationError);
  });

  test('an attempt can fail although its value is handed on', async () => {
    const { rotator, world, events } = start();
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
    const { rotator, world, events } = start({ retryPolicy: { timeout: '5s' } });
    const error = await world.run(rotator.failover(request, never).catch(caught));
    expect(world.now()).toBe(5000);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(error).toMatchObject({ message: 'Request timeout after 5.00s', reason: 'deadline' });
    expect(rotator.pool.get('a:1')?.stats).toMatchObject({ inFlight: 0, failures: 1 });
    expect(events.find(({ type }) => type === 'attempt.ended')).toMatchObject({ outcome: 'timeout' });
  });

  test('a later proxy is not charged for the time that others used up', async () => {
    const { rotator, world } = start({ retryPolicy: { timeout: '1.5s' } });
    await world.run(rotator.failover(request, ({ number }) => (number === 1 ? Promise.reject(failure()) : never())).catch(caught));
    expect(rotator.pool.list().map(({ stats }) => stats.failures)).toEqual([1, 0, 0]);
    expect(rotator.pool.list().every(({ stats }) => stats.inFlight === 0)).toBe(true);
  });

  test('a wait that does not fit into the time ends the request at once', async () => {
    const { rotator, world } = start({ retryPolicy: { timeout: '0.5s', baseDelay: '5s' } });
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect([world.now(), (error as ProxyConnectionError).reason]).toEqual([0, 'deadline']);
  });

  test('a caller who aborts gets the reason, and no proxy is charged', async () => {
    const { rotator, world, events } = start();
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
    const { rotator } = start({ proxies: [{ url: 'a:1', maxConcurrent: 1 }] });
    const letGo = await rotator.failover(request, async (attempt) => attempt.hold());
    await expect(rotator.failover(request, workOf({}))).rejects.toBeInstanceOf(ProxyPoolEmptyError);
    letGo();
    letGo();
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('a:1');
  });

  test('a paced proxy is used as often as it may be', async () => {
    const { rotator, world } = start({ proxies: [{ url: 'a:1', ratePerSecond: 2 }, 'b:1'], strategy: 'lowest-cost' });
    const seen: string[] = [];
    await world.run(async () => {
      for (let i = 0; i < 3; i++) await rotator.failover(request, workOf({}, seen));
    });
    await world.advance(500);
    await world.run(rotator.failover(request, workOf({}, seen)));
    expect(seen).toEqual(['a:1', 'a:1', 'b:1', 'a:1']);
  });

  test('a paused proxy is not used, and the error tells what was asked for', async () => {
    const { rotator } = start({ proxies: [{ url: 'a:1', tags: ['fast'] }, 'b:1'] });
    rotator.pool.update('a:1', { paused: true });
    await expect(rotator.failover(request, workOf({}))).resolves.toBe('b:1');
    await expect(rotator.failover({ ...request, tags: ['fast'] }, workOf({}))).rejects.toThrow('No proxy with the tag fast can be used now.');
  });

  test('an empty pool says that it is empty', async () => {
    const { rotator } = start({ proxies: [] });
    await expect(rotator.failover(request, workOf({}))).rejects.toThrow('The pool has no proxies. Add one first.');
  });
});

describe('what is told', () => {
  test('events tell the whole story, in order', async () => {
    const { rotator, world, events } = start({ proxies: ['a:1', 'b:1'] });
    events.length = 0;
    await world.run(
      rotator.failover(request, async (attempt) => {
        await new Promise<void>((resolve) => void world.setTimer(resolve, 100));
        if (attempt.number === 1) throw failure();
        attempt.answered({ status: 200 });
      }),
    );
    expect(events.map(({ type }) => type)).toEqual(['request.started', 'attempt.started', 'attempt.ended', 'retry.scheduled', 'attempt.started', 'attempt.ended', 'request.ended']);
    expect(events.at(-1)).toMatchObject({
      requestId: 'r1',
      outcome: 'success',
      status: 200,
      durationMs: 1200,
      waitedMs: 1000,
      attempts: [
        { attempt: 1, proxyId: 'a:1', outcome: 'failure', latencyMs: 100, waitedMs: 0, failure: { fault: 'proxy', phase: 'connect', message: 'connection refused' } },
        { attempt: 2, proxyId: 'b:1', outcome: 'success', latencyMs: 100, waitedMs: 1000, failure: undefined },
      ],
    });
  });

  test('credentials do not, whatever an error says', async () => {
    const { rotator, world, events } = start();
    const leak = () => new AttemptFailure('cannot use http://alice:secret@host:1', { fault: 'proxy', mayFailOver: true, phase: 'connect' });
    const error = await world.run(rotator.failover(request, workOf(everywhere(leak))).catch(caught));
    expect(JSON.stringify([events, rotator.getRetryMetrics().currentAttempts])).not.toContain('secret');
    expect((error as Error).message).not.toContain('secret');
    expect(rotator.pool.get('a:1')?.stats.lastFailure).not.toContain('secret');
  });

  test('metrics count every attempt once', async () => {
    const { rotator, world } = start({ budget: null });
    await world.run(async () => {
      for (let i = 0; i < 10; i++) {
        await rotator.failover({ ...request, id: `${i}` }, async ({ number }) => {
          if (i % 2 === 0 && number === 1) throw failure();
        });
      }
    });
    const metrics = rotator.getRetryMetrics();
    metrics.aggregateHourly();
    metrics.aggregateHourly();
    expect(metrics.getSummary()).toMatchObject({ totalRetries: 15, totalRequests: 10, retriesOnly: 5, successByAttempt: { 0: 5, 1: 5 } });
  });

  test('a new policy is in force for the next request, and told of', async () => {
    const { rotator, world, events } = start();
    rotator.retryPolicy = rotator.retryPolicy.with({ maxAttempts: 2 });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toHaveLength(2);
    expect(events.some(({ type }) => type === 'policy.changed')).toBe(true);
    expect(rotator.policyUpdatedAt).toBe(world.wallNow() - 1000);
  });
});

test('ten thousand requests at once: nothing is lost, nothing stays in use', async () => {
  const { rotator } = start({ budget: null, circuitBreaker: { failures: 1_000_000 }, waitBetweenProxies: 'none-if-other', onEvent: () => {} });
  const results = await Promise.all(
    Array.from({ length: 10_000 }, (_, i) =>
      rotator.failover({ ...request, id: `${i}` }, async ({ number }) => {
        for (let turn = 0; turn < i % 7; turn++) await undefined;
        if (i % 3 >= number) throw failure();
        return i;
      }),
    ),
  );
  expect(results).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(rotator.pool.list().map(({ stats }) => stats.inFlight)).toEqual([0, 0, 0]);
  const { totalAttempts, successByAttempt } = rotator.getRetryMetrics().getSummary();
  expect([totalAttempts, successByAttempt]).toEqual([19_999, { 0: 3334, 1: 3333, 2: 3333 }]);
}, 30_000);
