import { expect, test, vi } from 'vitest';
import type { AttemptContext, Context } from './context.ts';
import { definePolicy, type Layer, layerOfPolicy, type Policy } from './policy.ts';

const passThrough: Layer = async (next, context) => next(context);
const plain = definePolicy(passThrough, { kind: 'plain' });

test('a wrapped function has the name, the length and the result of the original', async () => {
  async function fetchUser(id: number, _options: object): Promise<string> {
    return `user ${id}`;
  }
  const wrapped = plain(fetchUser);
  expect(wrapped.name).toBe('fetchUser');
  expect(wrapped.length).toBe(2);
  await expect(wrapped(7, {})).resolves.toBe('user 7');
});

test('a wrapped function hands on this, the arguments and what is thrown', async () => {
  const failure = new Error('no');
  const api = {
    base: 'https://api.test',
    url: plain(async function (this: { base: string }, path: string) {
      if (path === '') throw failure;
      return this.base + path;
    }),
  };
  await expect(api.url('/users')).resolves.toBe('https://api.test/users');
  await expect(api.url('')).rejects.toBe(failure);
});

test('the layer sees the name and the arguments of the call', async () => {
  const seen: Context[] = [];
  const policy = definePolicy(
    async (next, context) => {
      seen.push(context);
      return next(context);
    },
    { kind: 'spy' },
  );
  await policy(async function fetchUser(_id: number) {})(7);
  await policy(async () => {})();
  await policy.execute(async () => {});
  await policy.execute(async function load() {});
  await policy.execute(async () => {}, { name: 'given' });
  expect(seen.map(({ name }) => name)).toEqual(['fetchUser', 'spy', 'spy', 'load', 'given']);
  expect(seen[0]?.args).toEqual([7]);
});

test('execute gives the operation its context; a wrapped function gets its own arguments only', async () => {
  const operation = vi.fn<(context: AttemptContext) => Promise<number>>().mockResolvedValue(1);
  await plain.execute(operation);
  expect(operation.mock.calls[0]?.[0]).toMatchObject({ number: 1 });
  const wrapped = vi.fn<(id: number) => Promise<number>>().mockResolvedValue(1);
  await plain(wrapped)(7);
  expect(wrapped.mock.calls).toEqual([[7]]);
});

test('passContext decides what a wrapped function gets', async () => {
  const policy = definePolicy(
    passThrough,
    { kind: 'plain' },
    {
      passContext: (context, args) => [...args, { signal: context.signal }],
    },
  );
  const wrapped = vi.fn<(id: number, options?: { signal: AbortSignal }) => Promise<void>>();
  wrapped.mockResolvedValue(undefined);
  await policy(wrapped)(7);
  expect(wrapped).toHaveBeenCalledExactlyOnceWith(7, { signal: expect.any(AbortSignal) });
});

test('the signal of an execute reaches the operation, and is let go of at the end', async () => {
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  let seen: AbortSignal | undefined;
  const run = plain.execute(
    ({ signal }) => {
      seen = signal;
      return new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
    { signal: controller.signal },
  );
  controller.abort('enough');
  await expect(run).rejects.toBe('enough');
  expect(seen?.aborted).toBe(true);
  await plain.execute(({ signal }) => void signal, { signal: new AbortController().signal });
  expect(remove).not.toHaveBeenCalled();
});

test('nothing runs for a caller that has already aborted', async () => {
  const operation = vi.fn<() => Promise<void>>();
  await expect(plain.execute(operation, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(operation).not.toHaveBeenCalled();
});

test('a synchronous function is answered with a sentence that names retrySync', async () => {
  const wrapped = plain((() => 5) as never) as () => Promise<unknown>;
  await expect(wrapped()).rejects.toThrow(
    'plain returned 5 instead of a promise: use retrySync for functions that block',
  );
  await expect(wrapped()).rejects.toMatchObject({ code: 'MULLIGAN_NOT_ASYNC' });
});

test('an async generator needs a policy that can start it again', () => {
  const numbers = async function* numbers(): AsyncGenerator<number> {
    yield 1;
  };
  expect(() => plain(numbers)).toThrow('plain cannot wrap the async generator numbers: only retry can, on its own');
});

test('only functions can be wrapped, and only policies have a layer', () => {
  expect(() => plain('fetchUser' as never)).toThrow('plain wraps a function, got "fetchUser"');
  expect(() => layerOfPolicy((() => {}) as unknown as Policy)).toThrow(/expected a policy, such as retry\(\)/);
});

test('a policy says what it is', () => {
  const policy = definePolicy(passThrough, { kind: 'timeout', name: 'slow calls', timeoutMs: 50 });
  expect(policy.description).toEqual({ kind: 'timeout', name: 'slow calls', timeoutMs: 50 });
  expect(policy.name).toBe('slow calls');
  expect(plain.name).toBe('plain');
});
