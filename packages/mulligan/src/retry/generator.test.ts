import { describe, expect, test } from 'vitest';
import { recorder, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';
import { retrySync } from './retry-sync.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('a generator', () => {
  test('starts again from the beginning: what was yielded stays yielded', () => {
    const world = virtualWorld();
    let starts = 0;
    const numbers = retrySync({ world, backoff: constant('1s') })(function* numbers(last: number) {
      yield 42;
      if (++starts === 1) throw reset();
      yield last;
      return 'done';
    });
    expect([...numbers(7)]).toEqual([42, 42, 7]);
    expect(world.now()).toBe(1000);
    expect(numbers.name).toBe('numbers');
  });

  test('gives its return value, and what is sent to it', () => {
    const world = virtualWorld();
    const echo = retrySync({ world })(function* echo(): Generator<string, string, string> {
      const first = yield 'ready';
      const second = yield first;
      return first + second;
    })();
    expect(echo.next('ignored')).toEqual({ done: false, value: 'ready' });
    expect(echo.next('a')).toEqual({ done: false, value: 'a' });
    expect(echo.next('b')).toEqual({ done: true, value: 'ab' });
  });

  test('is closed when its consumer stops, and told what its consumer throws', () => {
    const world = virtualWorld();
    const told: unknown[] = [];
    const make = retrySync({ world })(function* make() {
      try {
        yield 1;
        yield 2;
      } catch (error) {
        told.push(error);
        yield 'caught';
      } finally {
        told.push('closed');
      }
    });
    for (const _ of make()) break;
    expect(told).toEqual(['closed']);
    const second = make();
    second.next();
    expect(second.throw('a stone')).toEqual({ done: false, value: 'caught' });
    expect(told).toEqual(['closed', 'a stone']);
  });

  test('is given up with the last error when its attempts are used up', () => {
    const world = virtualWorld();
    const log = recorder();
    const last = reset();
    const numbers = retrySync({ world, onEvent: log })(function* numbers() {
      yield 1;
      throw last;
    });
    const seen: number[] = [];
    expect(() => {
      for (const number of numbers()) seen.push(number);
    }).toThrow(last);
    expect(seen).toEqual([1, 1, 1]);
    expect(ledgerOf(last)?.attempts).toBe(3);
    expect(log.types.at(-1)).toBe('call.failed');
  });

  test('that is empty is fine, and every call is a call of its own', () => {
    const world = virtualWorld();
    const none = retrySync({ world })(function* none() {});
    expect([...none(), ...none()]).toEqual([]);
  });

  test('keeps its this', () => {
    const api = {
      items: [1, 2],
      all: retrySync({})(function* all(this: { items: number[] }) {
        yield* this.items;
      }),
    };
    expect([...api.all()]).toEqual([1, 2]);
  });
});

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};

describe('an async generator', () => {
  test('starts again from the beginning', async () => {
    const world = virtualWorld();
    let starts = 0;
    const numbers = retry({ world, backoff: constant('1s') })(async function* numbers(last: number) {
      yield 42;
      if (++starts === 1) throw reset();
      yield last;
    });
    await expect(world.run(collect(numbers(7)))).resolves.toEqual([42, 42, 7]);
    expect(world.now()).toBe(1000);
    expect(numbers.name).toBe('numbers');
  });

  test('is forwarded what is sent and thrown, and gives its return value', async () => {
    const echo = retry({})(async function* echo(): AsyncGenerator<unknown, string, string> {
      try {
        const first = yield 'ready';
        yield first;
      } catch (error) {
        yield error;
      }
      return 'done';
    })();
    await expect(echo.next('ignored')).resolves.toEqual({ done: false, value: 'ready' });
    await expect(echo.next('a')).resolves.toEqual({ done: false, value: 'a' });
    await expect(echo.throw('a stone')).resolves.toEqual({ done: false, value: 'a stone' });
    await expect(echo.next('')).resolves.toEqual({ done: true, value: 'done' });
  });

  test('is closed when its consumer stops, and leaves no timer', async () => {
    const world = virtualWorld();
    let isClosed = false;
    let starts = 0;
    const numbers = retry({ world, timeout: '1h', backoff: constant(1) })(async function* numbers() {
      try {
        yield 1;
        if (++starts === 1) throw reset();
        yield 2;
      } finally {
        isClosed = true;
      }
    });
    const consume = async (): Promise<void> => {
      for await (const number of numbers()) if (number === 2) break;
    };
    await world.run(consume());
    expect(isClosed).toBe(true);
    expect(world.pendingTimers).toBe(0);
  });

  test('is ended in its wait by an abort', async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const numbers = retry({ world, signal: controller.signal, backoff: constant('1h') })(async function* numbers() {
      yield 1;
      throw reset();
    })();
    await numbers.next();
    const next = numbers.next();
    await world.advance(10);
    controller.abort('enough');
    await expect(next).rejects.toBe('enough');
    expect(world.now()).toBe(10);
  });

  test('is given up when the total time is over', async () => {
    const world = virtualWorld();
    const numbers = retry({ world, timeout: '3s', attempts: 9, backoff: constant('2s') })(async function* numbers() {
      yield 1;
      throw reset();
    });
    await expect(world.run(collect(numbers()))).rejects.toThrow('socket hang up');
    expect(world.now()).toBe(2000);
  });

  test('cannot have its attempts timed', async () => {
    const numbers = retry({ attemptTimeout: '1s' })(async function* numbers() {
      yield 1;
    });
    expect(() => numbers()).toThrow('attemptTimeout cannot end an attempt of an async generator');
  });

  test('an ordinary function that returns one is told to wrap the generator', async () => {
    const numbers = async function* numbers(): AsyncGenerator<number> {
      yield 1;
    };
    const wrapped = retry({})(() => numbers()) as unknown as () => Promise<unknown>;
    await expect(wrapped()).rejects.toThrow('instead of a promise: wrap the async generator itself');
  });
});
