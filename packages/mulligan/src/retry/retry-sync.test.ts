import { describe, expect, test, vi } from 'vitest';
import type { AttemptContext } from '../kernel/index.ts';
import { recorder, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retrySync } from './retry-sync.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Fails so many times, then gives the value. */
function failing<T>(times: number, value: T, error: () => unknown = reset): { (): T; calls: number } {
  const operation = (): T => {
    if (operation.calls++ < times) throw error();
    return value;
  };
  operation.calls = 0;
  return operation;
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.unreachable('the call succeeded');
}

describe('retrySync', () => {
  test('calls at once, blocks while it waits, and gives the value', () => {
    const world = virtualWorld();
    const operation = failing(2, 'ok');
    expect(retrySync(operation, { world, backoff: (number) => number * 1000 })).toBe('ok');
    expect(world.now()).toBe(3000);
    expect(operation.calls).toBe(3);
  });

  test('wraps functions: name, length, this, arguments', () => {
    const world = virtualWorld();
    let calls = 0;
    const api = {
      base: '/data',
      read: retrySync({ world })(function read(this: { base: string }, file: string, _encoding: string) {
        if (calls++ === 0) throw reset();
        return `${this.base}/${file}`;
      }),
    };
    expect(api.read('a.txt', 'utf8')).toBe('/data/a.txt');
    expect(api.read.name).toBe('read');
    expect(api.read.length).toBe(2);
  });

  test('executes with a context, and hands it on with passContext', () => {
    const world = virtualWorld();
    const numbers: number[] = [];
    const run = ({ number }: AttemptContext): number => {
      numbers.push(number);
      if (number < 3) throw reset();
      return number;
    };
    expect(retrySync({ world }).execute(run)).toBe(3);
    const passing = retrySync({ world, passContext: (attempt) => [attempt] });
    expect(passing(run as () => number)()).toBe(3);
    expect(numbers).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('keeps the rules: the last error unchanged, on, unless, onResult, budget, events', () => {
    const world = virtualWorld();
    const last = reset();
    const log = recorder();
    expect(
      errorOf(() =>
        retrySync(
          failing(9, 0, () => last),
          { world, onEvent: log },
        ),
      ),
    ).toBe(last);
    expect(ledgerOf(last)).toMatchObject({ attempts: 3, reason: 'attempts' });
    expect(log.types).toEqual(['retry.scheduled', 'retry.scheduled', 'call.failed']);
    expect(errorOf(() => retrySync(failing(9, 0), { unless: Error }))).toBeInstanceOf(Error);
    let page = 0;
    expect(retrySync(() => ++page, { world, onResult: (value) => value < 3 })).toBe(3);
  });

  test('looks at the total time between attempts, and cannot end one', () => {
    const world = virtualWorld();
    const slow = (): never => {
      world.sleepSync(700);
      throw reset();
    };
    const error = errorOf(() => retrySync(slow, { world, timeout: '1s', attempts: 9, backoff: constant(100) }));
    expect(world.now()).toBe(1500);
    expect(ledgerOf(error)).toMatchObject({ attempts: 2, reason: 'deadline' });
  });

  test('has no time limit for an attempt', () => {
    expect(() => retrySync({ attemptTimeout: '1s' })).toThrow('attemptTimeout cannot end a function that blocks');
  });

  test('stops when the operation itself has aborted the signal', () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const operation = vi.fn<() => never>(() => {
      controller.abort('enough');
      throw reset();
    });
    expect(errorOf(() => retrySync(operation, { world, signal: controller.signal }))).toBe('enough');
    expect(operation).toHaveBeenCalledOnce();
    expect(errorOf(() => retrySync(operation, { signal: controller.signal }))).toBe('enough');
    expect(operation).toHaveBeenCalledOnce();
  });

  test('answers a promise with a sentence that names retry, and does not retry that', () => {
    const fetches = vi.fn<() => Promise<number>>(async () => 1);
    const wrapped = retrySync({ on: Error })(fetches as never) as () => unknown;
    expect(wrapped).toThrow('returned a promise: use retry for functions that do');
    expect(fetches).toHaveBeenCalledOnce();
  });

  test('answers what it cannot wrap', () => {
    expect(() => retrySync({})('read' as never)).toThrow('retrySync wraps a function, got "read"');
  });
});
