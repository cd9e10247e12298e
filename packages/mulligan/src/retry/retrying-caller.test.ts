import { expect, test, vi } from 'vitest';
import { setOnRetryHooks } from '../kernel/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { RetryableClient } from './retryable-client.ts';
import { RetryingCaller } from './retrying-caller.ts';

class NetworkError extends Error {}

const twice = (): ((id: number) => Promise<string>) => {
  const operation = script([new NetworkError('1'), new NetworkError('2'), 'ok']);
  return async (id) => `${await operation()} ${id}`;
};
const twiceSync = (): ((id: number) => string) => {
  let calls = 0;
  return (id) => {
    if (++calls < 3) throw new NetworkError(String(calls));
    return `ok ${id}`;
  };
};

test('a caller calls many functions with one set of options', async () => {
  const world = virtualWorld();
  const caller = new RetryingCaller({ world, on: NetworkError });
  await expect(world.run(caller.call(twice(), 7))).resolves.toBe('ok 7');
  expect(caller.callSync(twiceSync(), 8)).toBe('ok 8');
});

test('on binds errors: the caller it makes is another one', async () => {
  const world = virtualWorld();
  const caller = new RetryingCaller({ world });
  const bound = caller.on(NetworkError);
  await expect(caller.call(twice(), 7)).rejects.toThrow(NetworkError);
  await expect(world.run(bound.call(twice(), 7))).resolves.toBe('ok 7');
  expect(bound.callSync(twiceSync(), 8)).toBe('ok 8');
});

test('callOn names the errors for one call', async () => {
  const world = virtualWorld();
  const caller = new RetryingCaller({ world, on: RangeError });
  await expect(world.run(caller.callOn(NetworkError, twice(), 7))).resolves.toBe('ok 7');
});

test("hooks see the function's name and arguments", async () => {
  const world = virtualWorld();
  const hook = vi.fn<() => void>();
  setOnRetryHooks([hook]);
  const operation = twice();
  const fetchUser = async (id: number): Promise<string> => operation(id);
  await world.run(new RetryingCaller({ world, on: NetworkError }).call(fetchUser, 7));
  setOnRetryHooks(null);
  expect(hook).toHaveBeenCalledWith(expect.objectContaining({ name: 'fetchUser', args: [7], retryNum: 1 }));
});

test('bad options are answered when the caller is made', () => {
  expect(() => new RetryingCaller({ attempts: 0 })).toThrow('attempts must be');
});

test('a client wraps its methods with its options', async () => {
  const world = virtualWorld();
  class Users extends RetryableClient {
    readonly #fetch = twice();
    readonly #read = twiceSync();

    constructor() {
      super({ world, on: NetworkError });
    }

    get(id: number): Promise<string> {
      return this.withAsyncRetry(this.#fetch)(id);
    }

    read(id: number): string {
      return this.withRetry(this.#read)(id);
    }
  }
  const users = new Users();
  await expect(world.run(users.get(7))).resolves.toBe('ok 7');
  expect(users.read(8)).toBe('ok 8');
  expect(users.retryOptions.on).toBe(NetworkError);
  expect(() => new RetryableClient({ attempts: -1 })).toThrow('attempts must be');
});
