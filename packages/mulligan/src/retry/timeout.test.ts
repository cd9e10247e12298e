import { describe, expect, test } from 'vitest';
import { type AttemptContext, pipeline, TimeoutError, type World } from '../kernel/index.ts';
import { failure, recorder, script, value, type VirtualWorld, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import type { RetryOptions } from './options.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );
/** Does not listen to its signal. */
const lasts = (world: VirtualWorld, ms: number): Promise<string> =>
  new Promise((end) => void world.setTimer(() => end('done'), ms));

describe('the total time', () => {
  test('ends a 900 ms attempt at 100 ms and aborts its signal', async () => {
    const world = virtualWorld();
    let signal: AbortSignal | undefined;
    const run = (attempt: AttemptContext): Promise<string> => {
      ({ signal } = attempt);
      return lasts(world, 900);
    };
    const call = retry(run, { timeout: 100, world });
    let ledgerThen: unknown;
    const error = await world.run(
      call.catch((reason: unknown) => {
        ledgerThen = ledgerOf(reason)?.reason;
        return reason;
      }),
    );
    expect(world.now()).toBe(100);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ scope: 'call', timeoutMs: 100, message: 'run: the call took longer than 100 ms' });
    expect(signal?.aborted).toBe(true);
    expect(ledgerThen).toBe('deadline');
  });

  test('ends a second attempt as punctually as the first, and tells what the first had failed with', async () => {
    const world = virtualWorld();
    const cause = reset();
    let attempts = 0;
    const run = (): Promise<string> => (++attempts === 1 ? Promise.reject(cause) : lasts(world, 10_000));
    const error = await world.run(errorOf(retry(run, { timeout: '2s', backoff: constant('500ms'), world })));
    expect(world.now()).toBe(2000);
    expect(error).toMatchObject({ scope: 'call', cause });
    expect(ledgerOf(error)).toMatchObject({ attempts: 2, reason: 'deadline', durationMs: 2000 });
  });

  test('gives up at once, with the last error, when the next wait does not fit', async () => {
    const world = virtualWorld();
    const last = reset();
    const error = await world.run(errorOf(retry(script([last]), { timeout: '1s', backoff: constant('1s'), world })));
    expect(error).toBe(last);
    expect(world.now()).toBe(0);
    expect(ledgerOf(error)?.reason).toBe('deadline');
  });

  test('may shorten the last wait instead; then time is over', async () => {
    const world = virtualWorld();
    const log = recorder();
    const timeout = { total: '1s', ifWaitDoesNotFit: 'shorten', interrupt: false, check: 'before-attempt' } as const;
    const operation = script([failure(reset(), 100)], { world });
    const error = await world.run(errorOf(retry(operation, { timeout, backoff: constant('5s'), world, onEvent: log })));
    expect(log.waitsMs).toEqual([900]);
    expect(operation.calls).toBe(1);
    expect(ledgerOf(error)).toMatchObject({ reason: 'deadline', durationMs: 1000 });
  });

  test('is over after a wait for the rest of it, even if the timer fires a little early', async () => {
    const virtual = virtualWorld();
    const world: World = {
      now: () => virtual.now() - (virtual.now() > 0 ? 0.4 : 0),
      wallNow: virtual.wallNow,
      random: virtual.random,
      setTimer: virtual.setTimer,
      sleepSync: virtual.sleepSync,
    };
    const operation = script([reset()]);
    const backoff = constant('5s');
    const timeout = { total: '1s', ifWaitDoesNotFit: 'shorten', interrupt: false, check: 'before-attempt' } as const;
    await virtual.run(errorOf(retry(operation, { timeout, backoff, world })));
    expect(operation.calls).toBe(1);
    const last = reset();
    const interrupted = retry(script([last]), {
      timeout: { total: '1s', ifWaitDoesNotFit: 'shorten' },
      backoff,
      world,
    });
    const error = await virtual.run(errorOf(interrupted));
    expect(error).toMatchObject({ scope: 'call', cause: last });
    expect(ledgerOf(error)).toMatchObject({ attempts: 1, reason: 'deadline' });
  });

  test('may be overrun by a wait, and is looked at after the next failure', async () => {
    const world = virtualWorld();
    const timeout = { total: '1s', ifWaitDoesNotFit: 'overrun' } as const;
    const operation = script([reset()]);
    const error = await world.run(errorOf(retry(operation, { timeout, backoff: constant('5s'), world })));
    expect(operation.calls).toBe(2);
    expect(world.now()).toBe(5000);
    expect(ledgerOf(error)?.reason).toBe('deadline');
  });

  test('that does not interrupt lets a slow attempt end, and its value counts', async () => {
    const world = virtualWorld();
    const timeout = { total: '1s', interrupt: false } as const;
    await expect(world.run(retry(() => lasts(world, 5000), { timeout, world }))).resolves.toBe('done');
    expect(world.now()).toBe(5000);
  });

  test('is over even for an error that would not be retried', async () => {
    const world = virtualWorld();
    const error = await world.run(errorOf(retry(() => lasts(world, 500), { timeout: 100, on: RangeError, world })));
    expect(ledgerOf(error)?.reason).toBe('deadline');
  });

  test('hands the deadline on to a retry inside of the same pipeline, which gives up in time', async () => {
    const world = virtualWorld();
    const operation = script([reset()]);
    const outer = retry({ world, timeout: '10s', attempts: 1 });
    const log = recorder();
    const inner = retry({ world, backoff: constant('4s'), attempts: 10, onEvent: log });
    await world.run(errorOf(pipeline(outer, inner).execute(operation)));
    expect(world.now()).toBe(8000);
    expect(operation.calls).toBe(3);
    expect(log.of('call.failed')).toMatchObject([{ reason: 'deadline' }]);
  });

  test('of nothing is over at once, after one attempt', async () => {
    const world = virtualWorld();
    const operation = script([reset()]);
    const timeout = { total: 0, ifWaitDoesNotFit: 'overrun' } as const;
    await world.run(errorOf(retry(operation, { timeout, world })));
    expect(operation.calls).toBe(1);
  });

  test('without a limit is no limit', async () => {
    const world = virtualWorld();
    const options: RetryOptions = { timeout: Number.POSITIVE_INFINITY, backoff: constant('1d'), world };
    await expect(world.run(retry(script([reset(), 'ok']), options))).resolves.toBe('ok');
  });
});

describe('the time of an attempt', () => {
  test('ends it, and another one follows', async () => {
    const world = virtualWorld();
    const signals: AbortSignal[] = [];
    let attempts = 0;
    const run = ({ signal }: AttemptContext): Promise<string> => {
      signals.push(signal);
      return ++attempts === 1 ? lasts(world, 10_000) : Promise.resolve('ok');
    };
    const result = await world.run(retry(run, { attemptTimeout: '1s', backoff: constant('1s'), world }));
    expect(result).toBe('ok');
    expect(world.now()).toBe(2000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('is a time-out of the attempt when all attempts are used up', async () => {
    const world = virtualWorld();
    const options: RetryOptions = { attemptTimeout: '1s', backoff: constant('1s'), attempts: 2, world };
    const error = await world.run(errorOf(retry(() => lasts(world, 10_000), options)));
    expect(error).toMatchObject({ scope: 'attempt', timeoutMs: 1000 });
    expect(ledgerOf(error)).toMatchObject({ reason: 'attempts', durationMs: 3000 });
  });

  test('and the total time hold together, at every attempt', async () => {
    const world = virtualWorld();
    const options: RetryOptions = {
      attemptTimeout: '1s',
      timeout: '3500ms',
      backoff: constant('1s'),
      attempts: 9,
      world,
    };
    const error = await world.run(errorOf(retry(() => lasts(world, 10_000), options)));
    expect(world.now()).toBe(3000);
    expect(ledgerOf(error)).toMatchObject({ attempts: 2, reason: 'deadline' });
  });

  test('total time that ends in the middle of an attempt ends it there', async () => {
    const world = virtualWorld();
    const options: RetryOptions = {
      attemptTimeout: '1s',
      timeout: '2500ms',
      backoff: constant('1s'),
      attempts: 9,
      world,
    };
    const error = await world.run(errorOf(retry(() => lasts(world, 10_000), options)));
    expect(world.now()).toBe(2500);
    expect(error).toMatchObject({ scope: 'call', cause: { scope: 'attempt' } });
  });

  test('the deadline that an attempt sees is the nearer one', async () => {
    const world = virtualWorld();
    const seen: number[] = [];
    const run = async ({ deadlineMs }: AttemptContext): Promise<string> => {
      seen.push(deadlineMs);
      if (seen.length < 3) throw reset();
      return 'ok';
    };
    const options: RetryOptions = { attemptTimeout: '5s', timeout: '6s', backoff: constant('2s'), world };
    await world.run(retry(run, options));
    expect(seen).toEqual([5000, 6000, 6000]);
  });
});

test('an answer that comes late, after its attempt was ended, counts for nothing', async () => {
  const world = virtualWorld();
  const operation = script([value('late', '5s'), value('in time', '100ms')], { world });
  const ignoringSignal = (): Promise<string> => operation();
  const call = retry(ignoringSignal, { attemptTimeout: '1s', backoff: constant('10s'), world });
  await expect(world.run(call)).resolves.toBe('in time');
});
