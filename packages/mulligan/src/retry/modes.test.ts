import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AttemptContext, setActive, setOnRetryHooks, setTesting } from '../kernel/index.ts';
import { recorder, script, value, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

afterEach(() => {
  setActive(true);
  setTesting(false);
  setOnRetryHooks(null);
});

describe('switched off', () => {
  test('there is one attempt, no hook, no wait, and the error as it is', async () => {
    setActive(false);
    const hook = vi.fn<() => void>();
    setOnRetryHooks([hook]);
    const onExhausted = vi.fn<() => Error>();
    const error = reset();
    const operation = script([error]);
    const call = retry(operation, { onRetry: hook, onExhausted });
    await expect(call).rejects.toBe(error);
    expect(operation.calls).toBe(1);
    expect(hook).not.toHaveBeenCalled();
    expect(onExhausted).not.toHaveBeenCalled();
    expect(ledgerOf(error)?.reason).toBe('inactive');
  });

  test('the next wait is 0, and it wins over the testing mode', async () => {
    setActive(false);
    setTesting(true, { attempts: 5 });
    const waits: number[] = [];
    const operation = script([reset()]);
    const run = (attempt: AttemptContext): Promise<unknown> => {
      waits.push(attempt.nextWaitMs);
      return operation();
    };
    await errorOf(retry(run));
    expect(waits).toEqual([0]);
  });

  test('a value that would not be accepted is returned', async () => {
    setActive(false);
    await expect(retry(script(['']), { onResult: (text) => text === '' })).resolves.toBe('');
  });

  test('what is switched off while a call runs is off for the next one', async () => {
    const world = virtualWorld();
    const operation = script([reset(), reset(), 'ok']);
    const call = retry(operation, { world, backoff: constant('1s') });
    setActive(false);
    await expect(world.run(call)).resolves.toBe('ok');
  });
});

describe('while testing', () => {
  test.each([
    { attempts: 3, cap: false, user: 10, calls: 3 },
    { attempts: 5, cap: true, user: 3, calls: 3 },
    { attempts: 5, cap: false, user: 3, calls: 5 },
    { attempts: 100, cap: true, user: Number.POSITIVE_INFINITY, calls: 100 },
    { attempts: 2, cap: true, user: 1, calls: 1 },
  ])('%o (S18)', async ({ attempts, cap, user, calls }) => {
    setTesting(true, { attempts, cap });
    const operation = script([reset()]);
    const log = recorder();
    await errorOf(retry(operation, { attempts: user, onEvent: log }));
    expect(operation.calls).toBe(calls);
    expect(log.of('retry.scheduled').every((event) => event.attempts === calls)).toBe(true);
  });

  test('nothing waits: not even an exact wait; and the next wait is 0', async () => {
    setTesting(true, { attempts: 3 });
    const world = virtualWorld();
    const log = recorder();
    const waits: number[] = [];
    const operation = script([reset(), reset(), 'ok']);
    const run = (attempt: AttemptContext): Promise<unknown> => {
      waits.push(attempt.nextWaitMs);
      return operation();
    };
    await expect(retry(run, { world, on: () => '1h', onEvent: log })).resolves.toBe('ok');
    expect(world.now()).toBe(0);
    expect(waits).toEqual([0, 0, 0]);
    expect(log.of('retry.scheduled').map(({ waitMs, waitSource }) => [waitMs, waitSource])).toEqual([
      [0, 'testing'],
      [0, 'testing'],
    ]);
  });

  test('the total time is not looked at, the time of an attempt is', async () => {
    setTesting(true, { attempts: 2 });
    const world = virtualWorld();
    const slow = script([value('slow', '2m')], { world });
    await expect(world.run(retry(slow, { world, timeout: '1m' }))).resolves.toBe('slow');
    const error = await world.run(errorOf(retry(slow, { world, attemptTimeout: '1m' })));
    expect(error).toMatchObject({ scope: 'attempt' });
  });
});
