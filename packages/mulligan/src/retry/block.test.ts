import { describe, expect, test } from 'vitest';
import { type RetryBudget, setTesting } from '../kernel/index.ts';
import { recorder, script, type VirtualWorld, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { type BlockAttempt, type BlockResult, retryContext } from './block.ts';
import { ledgerOf } from './ledger.ts';
import type { RetryOptions } from './options.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Runs an operation in a block, and gives what each pass came to. */
async function inBlock<T>(operation: () => Promise<T>, options: RetryOptions): Promise<BlockResult<T>[]> {
  const results: BlockResult<T>[] = [];
  for await (const attempt of retryContext(options)) results.push(await attempt.run(operation));
  return results;
}

describe('a block', () => {
  test('runs again until it succeeds; the loop then ends by itself', async () => {
    const world = virtualWorld();
    const work = inBlock(script([reset(), reset(), 'ok']), { world, backoff: constant('1s') });
    await expect(world.run(work)).resolves.toEqual([{ ok: false }, { ok: false }, { ok: true, value: 'ok' }]);
    expect(world.now()).toBe(2000);
  });

  test('throws the last error out of the loop', async () => {
    const world = virtualWorld();
    const last = reset();
    await expect(world.run(inBlock(script([last]), { world }))).rejects.toBe(last);
    expect(ledgerOf(last)).toMatchObject({ name: '<context block>', attempts: 3, reason: 'attempts' });
  });

  test('shows the attempt: number, wait to come, error before, signal, deadline, name', async () => {
    const world = virtualWorld();
    const first = reset();
    const operation = script([first, 'ok']);
    const seen: unknown[] = [];
    const work = async (): Promise<void> => {
      for await (const attempt of retryContext({ world, timeout: '1m', name: 'load readme' })) {
        const { name, number, nextWaitMs, previousError, deadlineMs, signal } = attempt;
        seen.push({ name, number, nextWaitMs, previousError, deadlineMs, aborted: signal.aborted });
        await attempt.run(async (context) => {
          expect(context.number).toBe(number);
          return operation();
        });
      }
    };
    await world.run(work());
    const common = { name: 'load readme', aborted: false };
    expect(seen).toEqual([
      { ...common, number: 1, nextWaitMs: 100, previousError: undefined, deadlineMs: Number.POSITIVE_INFINITY },
      { ...common, number: 2, nextWaitMs: 200, previousError: first, deadlineMs: 60_000 },
    ]);
  });

  test("the signal of a pass is that of the attempt that runs: the attempt's time limit aborts it", async () => {
    const world = virtualWorld();
    const reasons: unknown[] = [];
    const work = async (): Promise<void> => {
      for await (const attempt of retryContext({ world, attemptTimeout: '1s', attempts: 2, backoff: constant(0) })) {
        await attempt.run(() => {
          expect(attempt.deadlineMs).toBe(world.now() + 1000);
          attempt.signal.addEventListener('abort', () => reasons.push(attempt.signal.reason));
          return new Promise(() => {});
        });
      }
    };
    await expect(world.run(work())).rejects.toMatchObject({ scope: 'attempt' });
    expect(reasons).toMatchObject([{ scope: 'attempt' }, { scope: 'attempt' }]);
  });

  test('ends an attempt on time', async () => {
    const world = virtualWorld();
    const endless = (): Promise<never> => new Promise(() => {});
    await expect(world.run(inBlock(endless, { world, timeout: '5s' }))).rejects.toMatchObject({ scope: 'call' });
    expect(world.now()).toBe(5000);
    const options = { world, attemptTimeout: '1s', backoff: constant(0) } as const;
    await expect(world.run(inBlock(endless, options))).rejects.toMatchObject({ scope: 'attempt' });
    expect(world.now()).toBe(8000);
  });

  test('is ended in its wait by an abort, at the head of the loop', async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const work = inBlock(script([reset()]), { world, signal: controller.signal, backoff: constant('1h') });
    await world.advance(5);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    expect(world.now()).toBe(5);
  });

  test('does not just end when the time is over between two passes', async () => {
    const world = virtualWorld();
    const timeout = { total: '1s', ifWaitDoesNotFit: 'shorten', interrupt: false, check: 'before-attempt' } as const;
    const onResult = (text: string): boolean => text === '';
    const work = inBlock(script(['']), { world, timeout, onResult: onResult as never, backoff: constant('5s') });
    await expect(world.run(work)).rejects.toMatchObject({ code: 'MULLIGAN_TIMEOUT' });
  });

  test('gives the last value when the attempts are used up', async () => {
    const world = virtualWorld();
    const onResult = (text: string): boolean => text === '';
    const work = inBlock(script(['']), { world, attempts: 2, onResult: onResult as never });
    await expect(world.run(work)).resolves.toEqual([{ ok: false }, { ok: true, value: '' }]);
  });

  test('may be left at any time, and leaves nothing behind', async () => {
    const world = virtualWorld();
    let open = 0;
    let refunded = 0;
    const budget = {
      balance: 1,
      started: () => void open++,
      tryPay: () => 1,
      gaveUp: () => void open--,
      succeeded: () => void open--,
      refund: () => void refunded++,
      failed() {},
    } as RetryBudget;
    const leave = async (): Promise<void> => {
      for await (const _ of retryContext({ world, budget, timeout: '1h' })) break;
      for await (const attempt of retryContext({ world, budget, timeout: '1h' })) {
        const result = await attempt.run(script([reset()]));
        if (!result.ok) break;
      }
    };
    await world.run(leave());
    expect(open).toBe(0);
    expect(refunded).toBe(1);
    await world.advance('1h');
    expect(world.pendingTimers).toBe(0);
  });

  test('that forgets to run, or runs twice, is told so', async () => {
    const world = virtualWorld();
    const each = async (body: (attempt: BlockAttempt) => unknown): Promise<void> => {
      for await (const attempt of retryContext({ world })) await body(attempt);
    };
    await expect(each(() => {})).rejects.toThrow('<context block>: attempt 1 never called attempt.run');
    await expect(each((attempt) => void attempt.run(() => new Promise(() => {})))).rejects.toThrow(
      '<context block>: attempt 1 did not await attempt.run',
    );
    const twice = each(async (attempt) => {
      await attempt.run(async () => 1);
      await attempt.run(async () => 2);
    });
    await expect(twice).rejects.toThrow('<context block>: attempt 1 called attempt.run twice');
    await expect(twice).rejects.toMatchObject({ code: 'MULLIGAN_BLOCK_NOT_RUN' });
  });

  test('can be looped over again: every loop is a call of its own', async () => {
    const world = virtualWorld();
    const log = recorder();
    const context = retryContext({ world, onEvent: log });
    for (let i = 0; i < 2; i++) for await (const attempt of context) await attempt.run(async () => i);
    expect(log.types).toEqual(['call.succeeded', 'call.succeeded']);
  });

  test('obeys the testing mode', async () => {
    const restore = setTesting(true, { attempts: 2 });
    const world = virtualWorld();
    await expect(inBlock(script([reset()]), { world, attempts: 9 })).rejects.toThrow('socket hang up');
    expect(world.now()).toBe(0);
    restore();
  });
});

describe('a blocking block', () => {
  const blockOn = (world: VirtualWorld, operation: () => string, options: RetryOptions = {}): unknown[] => {
    const results: unknown[] = [];
    for (const attempt of retryContext({ world, backoff: constant('1s'), ...options })) {
      results.push(attempt.runSync(operation));
    }
    return results;
  };

  test('runs again until it succeeds', () => {
    const world = virtualWorld();
    let calls = 0;
    const operation = (): string => {
      if (++calls < 3) throw reset();
      return 'ok';
    };
    expect(blockOn(world, operation)).toEqual([{ ok: false }, { ok: false }, { ok: true, value: 'ok' }]);
    expect(world.now()).toBe(2000);
  });

  test('throws the last error out of the loop', () => {
    const last = reset();
    const operation = (): never => {
      throw last;
    };
    expect(() => blockOn(virtualWorld(), operation)).toThrow(last);
  });

  test('that forgets to run is told so', () => {
    expect(() => {
      for (const _ of retryContext({})) continue;
    }).toThrow('never called attempt.run');
  });

  test('stops when its operation has aborted the signal', () => {
    const controller = new AbortController();
    const operation = (): never => {
      controller.abort(new Error('enough'));
      throw reset();
    };
    expect(() => blockOn(virtualWorld(), operation, { signal: controller.signal })).toThrow('enough');
  });

  test('has no time limit for an attempt', () => {
    const context = retryContext({ attemptTimeout: '1s' });
    expect(() => [...context]).toThrow('attemptTimeout cannot end a function that blocks');
  });
});

test('bad options are answered when the block is made', () => {
  expect(() => retryContext({ attempts: 0 })).toThrow('attempts must be a whole number of at least 1, got 0');
});
