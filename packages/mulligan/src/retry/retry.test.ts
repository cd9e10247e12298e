import { describe, expect, test, vi } from 'vitest';
import { type AttemptContext, TimeoutError } from '../kernel/index.ts';
import { failure, recorder, script, value, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';

const reset = (message = 'socket hang up'): Error => Object.assign(new Error(message), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );

describe('what is retried', () => {
  test('a call that fails twice succeeds on the third attempt', async () => {
    const world = virtualWorld();
    const operation = script([reset(), reset(), 'ok']);
    await expect(world.run(retry(operation, { world }))).resolves.toBe('ok');
    expect(operation.calls).toBe(3);
  });

  test('three attempts are made, and then the last error is thrown: the same object, untouched', async () => {
    const world = virtualWorld();
    const last = Object.freeze(reset('third'));
    const operation = script([reset('first'), reset('second'), last]);
    const error = await world.run(errorOf(retry(operation, { world })));
    expect(error).toBe(last);
    expect(operation.calls).toBe(3);
  });

  test('an error that another attempt cannot better is thrown at once', async () => {
    const operation = script([new TypeError('x is not a function')]);
    await expect(retry(operation)).rejects.toThrow('x is not a function');
    expect(operation.calls).toBe(1);
  });

  test('on takes a class, several, or a function that sees the error and the attempt', async () => {
    const world = virtualWorld();
    const counts = async (on: Parameters<typeof retry>[0] extends never ? never : unknown): Promise<number> => {
      const operation = script([new RangeError('no')]);
      await world.run(errorOf(retry(operation, { world, on: on as never })));
      return operation.calls;
    };
    expect(await counts(RangeError)).toBe(3);
    expect(await counts(SyntaxError)).toBe(1);
    expect(await counts([SyntaxError, RangeError])).toBe(3);
    expect(await counts([])).toBe(1);
    expect(await counts((error: Error) => error.message === 'no')).toBe(3);
    expect(await counts((_: unknown, attempt: AttemptContext) => attempt.number < 2)).toBe(2);
  });

  test('unless wins over on', async () => {
    const operation = script([new RangeError('no')]);
    const error = await errorOf(retry(operation, { on: Error, unless: RangeError }));
    expect(operation.calls).toBe(1);
    expect(ledgerOf(error)?.reason).toBe('fatal');
  });

  test('throw undefined is retried and thrown like any other error', async () => {
    const world = virtualWorld();
    const operation = script([failure(undefined)]);
    await expect(world.run(retry(operation, { world, on: () => true }))).rejects.toBeUndefined();
    expect(operation.calls).toBe(3);
  });

  test('an operation that throws before it returns a promise is retried, too', async () => {
    const world = virtualWorld();
    const operation = vi
      .fn<() => Promise<string>>()
      .mockImplementationOnce(() => {
        throw reset();
      })
      .mockResolvedValue('ok');
    await expect(world.run(retry(operation, { world }))).resolves.toBe('ok');
  });

  test('an operation may return a plain value or any thenable', async () => {
    await expect(retry(() => 5)).resolves.toBe(5);
    // oxlint-disable-next-line unicorn/no-thenable -- what is tested
    const thenable = { then: (resolve: (value: number) => void) => resolve(6) } as PromiseLike<number>;
    await expect(retry(() => thenable)).resolves.toBe(6);
  });

  test('a wrapped function that blocks is a mistake that no attempt betters', async () => {
    const blocks = vi.fn<() => number>(() => 5);
    const wrapped = retry({ on: Error })(blocks as never) as () => Promise<unknown>;
    await expect(wrapped()).rejects.toMatchObject({ code: 'MULLIGAN_NOT_ASYNC' });
    expect(blocks).toHaveBeenCalledOnce();
  });
});

describe('values that are not good enough', () => {
  test('are retried, and the last one is returned when the attempts are used up', async () => {
    const world = virtualWorld();
    const pages = script([{ items: 0 }, { items: 0, last: true }]);
    const onResult = (page: { items: number }): boolean => page.items === 0;
    const call = retry(pages, { world, attempts: 2, onResult });
    const page = await world.run(call);
    expect(page).toEqual({ items: 0, last: true });
    expect(ledgerOf(page)).toMatchObject({ attempts: 2, reason: 'attempts' });
  });

  test('may say how long to wait', async () => {
    const world = virtualWorld();
    const status = script([{ ready: false }, { ready: true }]);
    const onResult = ({ ready }: { ready: boolean }): boolean | '5s' => !ready && '5s';
    await expect(world.run(retry(status, { world, onResult }))).resolves.toEqual({ ready: true });
    expect(world.now()).toBe(5000);
  });

  test('and errors are judged each by its own option', async () => {
    const world = virtualWorld();
    const operation = script<string>(['', reset(), 'ok']);
    await expect(world.run(retry(operation, { world, onResult: (text) => text === '' }))).resolves.toBe('ok');
    expect(operation.calls).toBe(3);
  });

  test('a value at the first attempt costs no ledger', async () => {
    const result = await retry(script([{ items: 1 }]), { onResult: ({ items }) => items === 0 });
    expect(ledgerOf(result)).toBeUndefined();
  });
});

describe('what a predicate answers', () => {
  test('a duration is the exact wait, once; then the schedule goes on with the real number of the attempt', async () => {
    const world = virtualWorld();
    const log = recorder();
    const on = (_: unknown, { number }: AttemptContext): boolean | { seconds: number } =>
      number === 1 ? { seconds: 90 } : true;
    const backoff = (retryNumber: number): number => retryNumber * 10;
    await world.run(errorOf(retry(script([reset()]), { world, on, backoff, onEvent: log })));
    expect(log.waitsMs).toEqual([90_000, 20]);
    expect(log.of('retry.scheduled').map(({ waitSource }) => waitSource)).toEqual(['hook', 'backoff']);
  });

  test('0 is a wait of nothing, not a no', async () => {
    const world = virtualWorld();
    const operation = script([reset(), 'ok']);
    await expect(world.run(retry(operation, { world, on: () => 0 }))).resolves.toBe('ok');
    expect(world.now()).toBe(0);
  });

  test.each([undefined, null])('%s stops, and is warned of once', async (nothing) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const operation = script([reset()]);
    const policy = retry({ on: () => nothing as undefined });
    await expect(policy(operation)()).rejects.toThrow('socket hang up');
    await expect(policy(operation)()).rejects.toThrow('socket hang up');
    expect(operation.calls).toBe(2);
    expect(warn.mock.calls).toEqual([
      ['mulligan: on returned nothing, which stops the retries; return false to say so'],
    ]);
    warn.mockRestore();
  });

  test.each([-1, Number.NaN, 'soon', {}, Promise.resolve(true)])('%o is answered in a sentence', async (answer) => {
    const call = retry(script([reset()]), { on: () => answer as never });
    await expect(call).rejects.toThrow(/^on must return true, false or a duration of 0 or more, got/);
  });

  test('what it throws takes the place of the error', async () => {
    const on = (): boolean => {
      throw new Error('broken predicate');
    };
    const error = await errorOf(retry(script([reset()]), { on }));
    expect(error).toMatchObject({ message: 'broken predicate' });
    expect(ledgerOf(error)).toMatchObject({ attempts: 1, reason: 'not-retryable' });
  });

  test('an error that knows when to come back is never retried earlier', async () => {
    const world = virtualWorld();
    const log = recorder();
    const busy = Object.assign(reset('busy'), { retryAfterMs: 7000 });
    await world.run(retry(script([busy, 'ok']), { world, onEvent: log }));
    expect(log.of('retry.scheduled')).toMatchObject([{ waitMs: 7000, waitSource: 'retry-after' }]);
  });

  test('an error that says never is not retried', async () => {
    const gone = Object.assign(reset('gone'), { retryAfterMs: Number.POSITIVE_INFINITY });
    const error = await errorOf(retry(script([gone])));
    expect(error).toBe(gone);
    expect(ledgerOf(error)?.reason).toBe('server-said-no');
  });
});

describe('what an attempt knows', () => {
  test('its number, the error before it, the wait after it without jitter, and when time is over', async () => {
    const world = virtualWorld();
    const first = reset('first');
    const seen: Pick<AttemptContext, 'number' | 'previousError' | 'nextWaitMs' | 'deadlineMs'>[] = [];
    const operation = script([first, reset('second'), 'ok']);
    await world.run(
      retry(
        (attempt) => {
          const { number, previousError, nextWaitMs, deadlineMs } = attempt;
          seen.push({ number, previousError, nextWaitMs, deadlineMs });
          return operation();
        },
        { world, timeout: '1m' },
      ),
    );
    expect(seen).toMatchObject([
      { number: 1, previousError: undefined, nextWaitMs: 100, deadlineMs: 60_000 },
      { number: 2, previousError: first, nextWaitMs: 200, deadlineMs: 60_000 },
      { number: 3, nextWaitMs: 400, deadlineMs: 60_000 },
    ]);
  });

  test('after a value that was not accepted, the error before is still the newest error', async () => {
    const world = virtualWorld();
    const seen: unknown[] = [];
    const operation = script<string>([reset('first'), '', 'ok']);
    const run = (attempt: AttemptContext): Promise<string> => {
      seen.push((attempt.previousError as Error | undefined)?.message);
      return operation();
    };
    await world.run(retry(run, { world, onResult: (text) => text === '' }));
    expect(seen).toEqual([undefined, 'first', 'first']);
  });
});

describe('how a call ends', () => {
  test('onExhausted makes the error that is thrown; its ledger is the same', async () => {
    const world = virtualWorld();
    class Unavailable extends Error {}
    const cause = reset();
    const error = await world.run(
      errorOf(
        retry(script([cause]), {
          world,
          onExhausted: (last, { attempts, reason }) => new Unavailable(`${attempts} ${reason}`, { cause: last }),
        }),
      ),
    );
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ message: '3 attempts', cause });
    expect(ledgerOf(error)).toBe(ledgerOf(cause));
  });

  test('what onExhausted throws is thrown', async () => {
    const onExhausted = (): never => {
      throw new Error('thrown, not returned');
    };
    await expect(retry(script([reset()]), { attempts: 1, onExhausted })).rejects.toThrow('thrown, not returned');
  });

  test('many calls may end with one and the same error object', async () => {
    const world = virtualWorld();
    const shared = reset();
    const calls = [1, 2].map((attempts) => errorOf(retry(script([shared]), { world, attempts })));
    expect(await world.run(Promise.all(calls))).toEqual([shared, shared]);
  });

  test('a forever without waits ends when it succeeds', async () => {
    let left = 20_000;
    const run = async (): Promise<string> => {
      if (left-- > 0) throw reset();
      return 'at last';
    };
    await expect(retry(run, { attempts: Number.POSITIVE_INFINITY, backoff: constant(0) })).resolves.toBe('at last');
  });
});

describe('options that cannot be', () => {
  test.each([
    [{ attempts: 2.5 }, 'attempts must be a whole number of at least 1, got 2.5'],
    [{ attempts: 0 }, 'attempts must be a whole number of at least 1, got 0'],
    [{ atempts: 3 }, `retry has no option 'atempts': did you mean 'attempts'?`],
    [{ timeout: -1 }, 'timeout must be a duration of 0 or more'],
    [{ timeout: null }, 'timeout must be a duration of 0 or more'],
    [{ timeout: { total: '1s', ifWaitDoesNotFit: 'bend' } }, `timeout.ifWaitDoesNotFit must be one of 'fail'`],
    [{ attemptTimeout: 0 }, 'attemptTimeout must be at least 1 ms, got 0'],
    [
      { attemptTimeout: '5s', timeout: '5s' },
      'attemptTimeout (5 s) must be shorter than timeout (5 s), or it can never end an attempt',
    ],
    [{ on: 'Error' }, 'on must be an error class, an array of error classes or a function, got "Error"'],
    [{ onResult: true }, 'onResult must be a function, got true'],
    [{ onRetry: 'log' }, 'onRetry must be a function, got "log"'],
    [{ onExhausted: 'throw' }, `onExhausted must be 'rethrow' or a function, got "throw"`],
    [{ backoff: 100 }, 'backoff must be a function, got 100'],
    [{ nested: 'never' }, `nested must be one of 'allow', 'collapse', got "never"`],
  ])('%o is answered in a sentence: thrown by a policy, a rejection of a call', async (options, sentence) => {
    expect(() => retry(options as object)).toThrow(sentence);
    await expect(retry(() => 1, options as object)).rejects.toThrow(sentence);
  });
});

test('a day of waiting passes at once', async () => {
  const world = virtualWorld();
  const call = retry(script([reset()]), { world, attempts: 3, backoff: () => 43_200_000 });
  await expect(world.run(call)).rejects.toThrow('socket hang up');
  expect(world.now()).toBe(86_400_000);
});

test('attempts that take time are timed in the ledger', async () => {
  const world = virtualWorld();
  const operation = script([failure(reset(), '2s'), value({ ok: true }, '3s')], { world });
  const result = await world.run(retry(operation, { world, backoff: constant('500ms'), timeout: '1m' }));
  expect(ledgerOf(result)).toMatchObject({
    attempts: 2,
    durationMs: 5500,
    waitedMs: 500,
    reason: undefined,
    entries: [
      { number: 1, startedMs: 0, durationMs: 2000, verdict: 'retry', waitMs: 500, waitSource: 'backoff' },
      { number: 2, startedMs: 2500, durationMs: 3000, verdict: 'done', waitMs: undefined },
    ],
  });
});

test('only a plain retry does not know how long its first attempt took', async () => {
  const world = virtualWorld();
  const operation = (): Promise<never> => script<never>([failure(reset(), '2s')], { world })();
  const plain = await world.run(errorOf(retry(operation, { world, attempts: 2, backoff: constant('1s') })));
  expect(ledgerOf(plain)?.entries).toMatchObject([{ durationMs: undefined }, { startedMs: 1000, durationMs: 2000 }]);
  expect(ledgerOf(plain)?.durationMs).toBe(3000);
  const hooked = await world.run(errorOf(retry(operation, { world, attempts: 1, onRetry: () => {} })));
  expect(ledgerOf(hooked)?.entries).toMatchObject([{ durationMs: 2000 }]);
});

test('of a very long call, the newest 100 attempts stay in the ledger', async () => {
  const world = virtualWorld();
  const call = retry(script([reset()]), { world, attempts: 250, backoff: constant(1) });
  const ledger = ledgerOf(await world.run(errorOf(call)));
  expect(ledger?.attempts).toBe(250);
  expect(ledger?.entries).toHaveLength(100);
  expect(ledger?.entries[0]?.number).toBe(151);
});

test('a time-out inside of the operation is an error like others', async () => {
  const world = virtualWorld();
  const operation = script([new TimeoutError('inner', 10, 'call'), 'ok']);
  await expect(world.run(retry(operation, { world, timeout: '1m' }))).resolves.toBe('ok');
});
