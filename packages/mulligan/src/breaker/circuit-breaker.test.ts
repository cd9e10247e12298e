import { expect, test, vi } from 'vitest';
import { isMulliganError, type MulliganEvent, onEvent, pipeline, retryAfterOf, TimeoutError } from '../kernel/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './error.ts';
import type { CircuitBreakerOptions } from './options.ts';
import type { CircuitBreaker } from './breaker.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function setUp(options: CircuitBreakerOptions = {}) {
  const world = virtualWorld();
  const events: MulliganEvent[] = [];
  const breaker = circuitBreaker({ name: 'api', world, onEvent: (event) => events.push(event), ...options });
  return { world, events, breaker };
}

async function fail(breaker: CircuitBreaker, times = 1): Promise<void> {
  for (let i = 0; i < times; i++)
    await expect(breaker.execute(() => Promise.reject(reset()))).rejects.toThrow('hang up');
}

test('five failures within a minute open it, and it refuses without calling', async () => {
  const { breaker } = setUp();
  await fail(breaker, 5);
  expect(breaker.state).toBe('open');
  const operation = vi.fn();
  const error: unknown = await breaker.execute(operation).catch((reason: unknown) => reason);
  expect(operation).not.toHaveBeenCalled();
  expect(error).toBeInstanceOf(CircuitOpenError);
  expect(isMulliganError(error, 'MULLIGAN_CIRCUIT_OPEN')).toBe(true);
  expect(retryAfterOf(error)).toBe(30_000);
  expect((error as Error).message).toBe('api: the circuit is open, and will be tested in 30 s');
});

test('after its time it lets one test through, and closes when that succeeds', async () => {
  const { world, breaker } = setUp();
  await fail(breaker, 5);
  await world.advance('30s');
  await expect(breaker.execute(() => Promise.resolve('well again'))).resolves.toBe('well again');
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0, retryAfterMs: 0 });
});

test('a test that fails opens it again for the full time', async () => {
  const { world, breaker } = setUp({ openFor: '10s' });
  await fail(breaker, 5);
  await world.advance('12s');
  await fail(breaker);
  expect(breaker.snapshot()).toMatchObject({ state: 'open', failureCount: 6, retryAfterMs: 10_000 });
});

test('it wraps a function, keeping its name, its arguments and this', async () => {
  const { breaker } = setUp();
  const total = async function total(this: { factor: number }, amount: number) {
    return amount * this.factor;
  };
  const account = { factor: 2, total: breaker(total) };
  expect(account.total.name).toBe('total');
  await expect(account.total(21)).resolves.toBe(42);
});

test('it is a policy among others', async () => {
  const { breaker } = setUp({ failures: 1 });
  const policy = pipeline(breaker, circuitBreaker());
  await expect(policy.execute(() => Promise.reject(reset()))).rejects.toThrow('hang up');
  expect(breaker.state).toBe('open');
  expect(breaker.name).toBe('api');
  expect(policy.description.parts?.[0]).toEqual({ kind: 'circuitBreaker', name: 'api' });
});

test('every change of state is one event, with its reason', async () => {
  const { world, events, breaker } = setUp({ failures: 2, openFor: '1s' });
  await fail(breaker, 2);
  await world.advance('1s');
  await fail(breaker);
  await world.advance('1s');
  await breaker.execute(() => Promise.resolve());
  breaker.isolate();
  breaker.reset();
  const changes = events.map((event) =>
    event.type === 'breaker.transition'
      ? `${event.from} > ${event.to}: ${event.reason} (${event.failures})`
      : event.type,
  );
  expect(changes).toEqual([
    'closed > open: failures (2)',
    'open > half_open: test-due (2)',
    'half_open > open: test-failed (3)',
    'open > half_open: test-due (3)',
    'half_open > closed: test-passed (0)',
    'closed > isolated: by-hand (0)',
    'isolated > closed: by-hand (0)',
  ]);
});

test('the stream of the process hears of refusals', async () => {
  const { world, breaker } = setUp({ failures: 1 });
  const heard: MulliganEvent[] = [];
  const leave = onEvent((event) => heard.push(event));
  await fail(breaker);
  await expect(breaker.execute(() => Promise.resolve())).rejects.toThrow(CircuitOpenError);
  leave();
  expect(heard.at(-1)).toEqual({ type: 'breaker.rejected', at: world.wallNow(), name: 'api', retryAfterMs: 30_000 });
});

test('isolated by hand it refuses everything, until it is reset', async () => {
  const { world, breaker } = setUp();
  breaker.isolate();
  await world.advance('1h');
  expect(breaker.peek()).toEqual({ allowed: false, retryAfterMs: Number.POSITIVE_INFINITY });
  await expect(breaker.execute(() => Promise.resolve())).rejects.toThrow('api: the circuit is held open by hand');
  breaker.reset();
  expect(breaker.peek()).toEqual({ allowed: true, retryAfterMs: 0 });
});

test('a reset clears what was counted', async () => {
  const { breaker } = setUp({ failures: 2 });
  await fail(breaker);
  breaker.reset();
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0, lastChangeAt: undefined });
  await fail(breaker);
  expect(breaker.state).toBe('closed');
});

test('before anything happened its state shows its settings', () => {
  const { breaker } = setUp({ failureRate: 0.5, openFor: { initial: '5s', max: '1m' } });
  expect(breaker.snapshot()).toEqual({
    name: 'api',
    state: 'closed',
    failureCount: 0,
    failureThreshold: Number.POSITIVE_INFINITY,
    windowMs: 30_000,
    openForMs: 5000,
    retryAfterMs: 0,
    lastChangeAt: undefined,
  });
});

test('its state can be turned into JSON', async () => {
  const { world, breaker } = setUp({ failures: 1, window: '2m' });
  await fail(breaker);
  await world.advance('10s');
  expect(JSON.parse(JSON.stringify(breaker.snapshot()))).toEqual({
    name: 'api',
    state: 'open',
    failureCount: 1,
    failureThreshold: 1,
    windowMs: 120_000,
    openForMs: 30_000,
    retryAfterMs: 20_000,
    lastChangeAt: 1_893_456_000_000,
  });
});

test('half of the calls failing opens it, once there are enough of them', async () => {
  const { breaker } = setUp({ failureRate: 0.5, minimumCalls: 4, window: { calls: 10 } });
  await fail(breaker, 2);
  await breaker.execute(() => Promise.resolve());
  expect(breaker.state).toBe('closed');
  await breaker.execute(() => Promise.resolve());
  expect(breaker.state).toBe('open');
});

test('slow calls open it, although they succeed', async () => {
  const { world, events, breaker } = setUp({ slowCallRate: 0.5, slowCall: '2s', minimumCalls: 2, window: '1m' });
  const lasting = (ms: number) => () => new Promise<void>((resolve) => void world.setTimer(resolve, ms));
  await world.run(breaker.execute(lasting(2000)));
  await world.run(breaker.execute(lasting(2000)));
  await world.run(breaker.execute(lasting(2001)));
  expect(breaker.state).toBe('closed');
  await world.run(breaker.execute(lasting(2001)));
  expect(events).toMatchObject([{ to: 'open', reason: 'slow-call-rate', failures: 0 }]);
});

test('with consecutive failures one success forgives them all', async () => {
  const { breaker } = setUp({ failures: 3, window: 'consecutive' });
  await fail(breaker, 2);
  await breaker.execute(() => Promise.resolve());
  await fail(breaker, 2);
  expect(breaker.state).toBe('closed');
  await fail(breaker);
  expect(breaker.state).toBe('open');
});

test('a value can be a failure', async () => {
  const isFailure = (response: { status: number }) => response.status >= 500;
  const { breaker } = setUp({ failures: 1, isFailure });
  await expect(breaker.execute(() => Promise.resolve({ status: 503 }))).resolves.toEqual({ status: 503 });
  expect(breaker.state).toBe('open');
});

test.each([
  ['a broken connection', reset(), 1],
  ['an error that nothing is known of', new Error('database is locked'), 1],
  ['an answer 503', Object.assign(new Error('unavailable'), { status: 503 }), 1],
  ['an expired certificate', Object.assign(new Error('tls'), { code: 'CERT_HAS_EXPIRED' }), 1],
  ['an attempt that took too long', new TimeoutError('api', 100, 'attempt'), 1],
  ['an answer 404', Object.assign(new Error('not found'), { status: 404 }), 0],
  ['rejected credentials', Object.assign(new Error('forbidden'), { status: 403 }), 0],
  ['a wrong argument', Object.assign(new Error('bad url'), { code: 'ERR_INVALID_URL' }), 0],
  ['an abort', new DOMException('aborted', 'AbortError'), 0],
  ['a refusal by another breaker', new CircuitOpenError('inner', 1000), 0],
])('%s: charged or not', async (_name, error, failures) => {
  const { breaker } = setUp();
  await expect(breaker.execute(() => Promise.reject(error))).rejects.toBe(error);
  expect(breaker.snapshot().failureCount).toBe(failures);
});

test('on and unless say what a failure is', async () => {
  class Down extends Error {}
  class Maintenance extends Down {}
  const { breaker } = setUp({ on: Down, unless: [Maintenance] });
  for (const error of [new Down(), new Maintenance(), new Error('other')]) {
    await expect(breaker.execute(() => Promise.reject(error))).rejects.toBe(error);
  }
  expect(breaker.snapshot().failureCount).toBe(1);
});

test('settings change at run time, and the state stays', async () => {
  const { world, breaker } = setUp({ failures: 5, openFor: '30s' });
  await fail(breaker, 2);
  breaker.configure({ failures: 3 });
  breaker.configure({ openFor: '5s' });
  expect(breaker.snapshot()).toMatchObject({ failureCount: 2, failureThreshold: 3, openForMs: 5000 });
  await fail(breaker);
  breaker.configure({ openFor: '1m' });
  expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfterMs: 5000 });
  await world.advance('5s');
  await fail(breaker);
  expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfterMs: 60_000 });
});

test('another kind of window begins empty; a bad setting changes nothing', async () => {
  const { breaker } = setUp();
  await fail(breaker, 2);
  expect(() => breaker.configure({ failures: 0 })).toThrow('failures must be a whole number of at least 1, got 0');
  expect(() => breaker.configure({ failure: 3 } as object)).toThrow("did you mean 'failures'?");
  expect(breaker.snapshot()).toMatchObject({ failureCount: 2, failureThreshold: 5 });
  breaker.configure({ window: 'consecutive' });
  expect(breaker.snapshot().failureCount).toBe(0);
});

test('the open time grows up to its maximum, and begins anew once it has closed', async () => {
  const { world, breaker } = setUp({ failures: 1, openFor: { initial: '1s', factor: 1.5, max: '2s' } });
  const opened: number[] = [];
  for (let i = 0; i < 4; i++) {
    await fail(breaker);
    opened.push(breaker.snapshot().openForMs);
    await world.advance(breaker.peek().retryAfterMs);
  }
  expect(opened).toEqual([1000, 1500, 2000, 2000]);
  await breaker.execute(() => Promise.resolve());
  await fail(breaker);
  expect(breaker.snapshot().openForMs).toBe(1000);
});

test('a part of the open time can be left to chance', async () => {
  const world = virtualWorld({ seed: () => 0.5 });
  const { breaker } = setUp({ world, failures: 1, openFor: { initial: '10s', max: '1m', jitter: 0.2 } });
  await fail(breaker);
  expect(breaker.peek().retryAfterMs).toBe(9000);
});

test('the open time can be what the other side asked for', async () => {
  const openFor = (openings: number, cause: unknown) => retryAfterOf(cause) ?? openings * 1000;
  const { breaker } = setUp({ failures: 1, openFor });
  expect(breaker.snapshot().openForMs).toBe(1000);
  const error = Object.assign(new Error('slow down'), { status: 429, retryAfterMs: 7000 });
  await expect(breaker.execute(() => Promise.reject(error))).rejects.toBe(error);
  expect(breaker.peek().retryAfterMs).toBe(7000);
});
