import { ledgerOf, retryBudget, setActive, setTesting } from 'mulligan';
import { afterEach, describe, expect, test } from 'vitest';
import { caught, everywhere, failure, request, testRotator, workOf } from '../../../../test/support/rotator.ts';
import { AttemptFailure } from '../failure/index.ts';
import { ProxyConnectionError } from './index.ts';

describe('where attempts go', () => {
  test('every retry goes to a proxy that was not tried', async () => {
    const { rotator, world } = testRotator();
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(error).toMatchObject({
      message: 'Request failed after 3 attempts: connection refused',
      attempts: 3,
      reason: 'attempts',
    });
    expect(world.now()).toBe(3000);
    expect(ledgerOf(error)?.attempts).toBe(3);
  });

  test('when all have been tried, the last one is left alone', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1', 'b:1'], retryPolicy: { maxAttempts: 4 } });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'b:1', 'a:1', 'b:1']);
  });

  test('the only proxy is tried again', async () => {
    const { rotator, world } = testRotator({ proxies: ['a:1'] });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['a:1', 'a:1', 'a:1']);
  });

  test('a retry prefers the best score', async () => {
    const { rotator, world } = testRotator({ strategy: 'round-robin', budget: null });
    await world.run(async () => {
      for (let i = 0; i < 3; i++) await rotator.failover(request, workOf({ 'b:1': failure }));
    });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf({ 'a:1': failure, 'b:1': failure }, seen)));
    expect(seen.at(-1)).toBe('c:1');
  });

  test('a proxy in the region is preferred', async () => {
    const { rotator, world } = testRotator({
      proxies: ['a:1', { url: 'b:1', region: 'EU' }, { url: 'c:1', metadata: { region: 'EU' } }],
    });
    const seen: string[] = [];
    await world.run(rotator.failover({ ...request, region: 'EU' }, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toEqual(['b:1', 'c:1', 'a:1']);
  });

  test('a session stays with its proxy, and moves for good when that fails', async () => {
    const { rotator, world } = testRotator();
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
    const { rotator, world } = testRotator({ direct: true, proxies: [] });
    const seen: string[] = [];
    const error = await world.run(
      rotator.failover(request, workOf({ direct: () => failure({ fault: 'target' }) }, seen)).catch(caught),
    );
    expect(seen).toEqual(['direct', 'direct', 'direct']);
    expect(error).toBeInstanceOf(ProxyConnectionError);
    expect(rotator.getRetryMetrics().getByProxy().get('direct')?.totalAttempts).toBe(3);
  });
});

describe('how long retries wait', () => {
  test('as the policy says', async () => {
    const { rotator, world } = testRotator({ retryPolicy: { backoffStrategy: 'linear', baseDelay: '2s' } });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(6000);
  });

  test('not at all between different proxies after a connection that did not come about, where that is asked for', async () => {
    const { rotator, world, events } = testRotator({ waitBetweenProxies: 'none-if-other' });
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(0);
    const waits = events.flatMap((event) =>
      event.type === 'retry.scheduled' ? [[event.waitMs, event.waitSource]] : [],
    );
    expect(waits).toEqual([
      [0, 'failover'],
      [0, 'failover'],
    ]);
  });

  test('but they do when there is no other proxy, or a server has answered', async () => {
    const alone = testRotator({ waitBetweenProxies: 'none-if-other', proxies: ['a:1'] });
    await alone.world.run(alone.rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(alone.world.now()).toBe(3000);
    const answered = testRotator({ waitBetweenProxies: 'none-if-other' });
    const busy = () => failure({ phase: 'head', status: 503, fault: 'target' });
    await answered.world.run(answered.rotator.failover(request, workOf(everywhere(busy))).catch(caught));
    expect(answered.world.now()).toBe(3000);
  });

  test('not even after an answer, where that is asked for, but on the way back, and when it is the target', async () => {
    const busy = (fault: 'proxy' | 'target') => () => failure({ phase: 'head', status: 503, fault });
    const elsewhere = testRotator({ waitBetweenProxies: 'none', retryPolicy: { maxAttempts: 4 } });
    await elsewhere.world.run(elsewhere.rotator.failover(request, workOf(everywhere(busy('proxy')))).catch(caught));
    expect(elsewhere.world.now()).toBe(4000);
    const down = testRotator({ waitBetweenProxies: 'none' });
    await down.world.run(down.rotator.failover(request, workOf(everywhere(busy('target')))).catch(caught));
    expect(down.world.now()).toBe(3000);
  });

  test('as long as the target asks for, but not longer than the policy ever waits', async () => {
    const asked = testRotator();
    const limited = (retryAfterMs: number) => () =>
      failure({ phase: 'head', status: 503, fault: 'target', retryAfterMs });
    await asked.world.run(asked.rotator.failover(request, workOf(everywhere(limited(20_000)))).catch(caught));
    expect(asked.world.now()).toBe(40_000);
    const tooLong = testRotator();
    const error = await tooLong.world.run(
      tooLong.rotator.failover(request, workOf(everywhere(limited(60_000)))).catch(caught),
    );
    expect([tooLong.world.now(), (error as ProxyConnectionError).reason]).toEqual([0, 'hint-too-long']);
  });
});

test('a ban that says how long it lasts holds up no request that goes another way', async () => {
  const { rotator, world } = testRotator();
  const banned = () => failure({ phase: 'head', status: 429, fault: 'pair', retryAfterMs: 20_000 });
  await world.run(rotator.failover(request, workOf({ 'a:1': banned })));
  expect(world.now()).toBe(1000);
  const alone = testRotator({ proxies: ['a:1'], retryPolicy: { maxAttempts: 2 } });
  await alone.world.run(alone.rotator.failover(request, workOf({ 'a:1': banned })).catch(caught));
  expect(alone.world.now()).toBe(20_000);
});

describe('what is not tried again', () => {
  test.each([
    ['a failure that may not be repeated', failure({ mayFailOver: false }), request, 'not-retryable'],
    [
      'a POST that may have been processed',
      failure({ mayFailOver: false }),
      { ...request, method: 'POST' },
      'not-idempotent',
    ],
    ['a body that can be sent only once', failure(), { ...request, isReplayable: () => false }, 'body-not-replayable'],
    ['what the client did itself', failure({ fault: 'client' }), request, 'not-retryable'],
  ])('%s', async (_name, error, asked, reason) => {
    const { rotator, world } = testRotator();
    const seen: string[] = [];
    const final = await world.run(
      rotator
        .failover(
          asked,
          workOf(
            everywhere(() => error),
            seen,
          ),
        )
        .catch(caught),
    );
    expect(seen).toHaveLength(1);
    expect(final).toMatchObject({ reason, attempts: 1, cause: error });
  });

  test('an error that is no failure of an attempt comes back as it is', async () => {
    const { rotator, world } = testRotator();
    const bug = new RangeError('a bug');
    await expect(world.run(rotator.failover(request, workOf(everywhere(() => bug))))).rejects.toBe(bug);
    expect(rotator.pool.list().map(({ stats }) => [stats.requests, stats.inFlight])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('anything, when the request brings no policy of its own: null', async () => {
    const { rotator, world } = testRotator();
    const seen: string[] = [];
    await world.run(
      rotator.failover({ ...request, retryPolicy: null }, workOf(everywhere(failure), seen)).catch(caught),
    );
    expect(seen).toHaveLength(1);
  });

  test('anything, when the budget is spent', async () => {
    const budget = retryBudget.keyed(() => retryBudget.quota({ capacity: 14 }));
    const { rotator, world } = testRotator({ budget });
    const seen: string[] = [];
    const error = await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect([seen.length, (error as ProxyConnectionError).reason]).toEqual([2, 'budget']);
    const others: string[] = [];
    await world.run(
      rotator.failover({ ...request, target: 'other:80' }, workOf(everywhere(failure), others)).catch(caught),
    );
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
    const { rotator, world } = testRotator();
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
    const { rotator, world } = testRotator();
    await world.run(rotator.failover(request, workOf(everywhere(failure))).catch(caught));
    expect(world.now()).toBe(0);
  });
});

describe('what is told', () => {
  test('events tell the whole story, in order', async () => {
    const { rotator, world, events } = testRotator({ proxies: ['a:1', 'b:1'] });
    events.length = 0;
    await world.run(
      rotator.failover(request, async (attempt) => {
        await new Promise<void>((resolve) => void world.setTimer(resolve, 100));
        if (attempt.number === 1) throw failure();
        attempt.answered({ status: 200 });
      }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'request.started',
      'attempt.started',
      'attempt.ended',
      'retry.scheduled',
      'attempt.started',
      'attempt.ended',
      'request.ended',
    ]);
    expect(events.at(-1)).toMatchObject({
      requestId: 'r1',
      outcome: 'success',
      status: 200,
      durationMs: 1200,
      waitedMs: 1000,
      attempts: [
        {
          attempt: 1,
          proxyId: 'a:1',
          outcome: 'failure',
          latencyMs: 100,
          waitedMs: 0,
          failure: { fault: 'proxy', phase: 'connect', message: 'connection refused' },
        },
        { attempt: 2, proxyId: 'b:1', outcome: 'success', latencyMs: 100, waitedMs: 1000, failure: undefined },
      ],
    });
  });

  test('and on request why a proxy was chosen, and the others not', async () => {
    const { rotator, world, events } = testRotator({ proxies: ['a:1', { url: 'b:1', paused: true }, 'c:1'] });
    await world.run(rotator.failover({ ...request, explain: true }, workOf({ 'a:1': failure })));
    const verdicts = events.flatMap((event) =>
      event.type === 'attempt.started' ? [event.explanation?.candidates.map(({ verdict }) => verdict)] : [],
    );
    expect(verdicts).toEqual([
      ['chosen', 'paused', 'passed-over'],
      ['excluded', 'paused', 'chosen'],
    ]);
    expect(rotator.explain({ isRetry: true })).toMatchObject({ strategy: 'best-score', chosen: 'c:1' });
  });

  test('credentials do not, whatever an error says', async () => {
    const { rotator, world, events } = testRotator();
    const leak = () =>
      new AttemptFailure('cannot use http://alice:secret@host:1', {
        fault: 'proxy',
        mayFailOver: true,
        phase: 'connect',
      });
    const error = await world.run(rotator.failover(request, workOf(everywhere(leak))).catch(caught));
    expect(JSON.stringify([events, rotator.getRetryMetrics().currentAttempts])).not.toContain('secret');
    expect((error as Error).message).not.toContain('secret');
    expect(rotator.pool.get('a:1')?.stats.lastFailure).not.toContain('secret');
  });

  test('metrics count every attempt once', async () => {
    const { rotator, world } = testRotator({ budget: null });
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
    expect(metrics.getSummary()).toMatchObject({
      totalRetries: 15,
      totalRequests: 10,
      retriesOnly: 5,
      successByAttempt: { 0: 5, 1: 5 },
    });
  });

  test('a new policy is in force for the next request, and told of', async () => {
    const { rotator, world, events } = testRotator();
    rotator.retryPolicy = rotator.retryPolicy.with({ maxAttempts: 2 });
    const seen: string[] = [];
    await world.run(rotator.failover(request, workOf(everywhere(failure), seen)).catch(caught));
    expect(seen).toHaveLength(2);
    expect(events.some(({ type }) => type === 'policy.changed')).toBe(true);
    expect(rotator.policyUpdatedAt).toBe(world.wallNow() - 1000);
  });
});

test('ten thousand requests at once: nothing is lost, nothing stays in use', async () => {
  const { rotator } = testRotator({
    budget: null,
    circuitBreaker: { failures: 1_000_000 },
    waitBetweenProxies: 'none-if-other',
    onEvent: () => {},
  });
  const results = await Promise.all(
    Array.from({ length: 10_000 }, (_, i) =>
      rotator.failover({ ...request, id: `${i}` }, async ({ number }) => {
        for (let turn = 0; turn < i % 7; turn++) await Promise.resolve();
        if (i % 10 === 0 && number === 1) throw failure();
        return i;
      }),
    ),
  );
  expect(results).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(rotator.pool.list().map(({ stats }) => stats.inFlight)).toEqual([0, 0, 0]);
  const { totalAttempts, successByAttempt } = rotator.getRetryMetrics().getSummary();
  expect([totalAttempts, successByAttempt]).toEqual([11_000, { 0: 9000, 1: 1000 }]);
}, 60_000);
