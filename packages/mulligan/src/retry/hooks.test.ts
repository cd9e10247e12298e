import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RetryDetails, type RetryHook, type RetryScheduledEvent, setOnRetryHooks } from '../kernel/index.ts';
import { failure, recorder, script, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { retry } from './retry.ts';

const reset = (message = 'socket hang up'): Error => Object.assign(new Error(message), { code: 'ECONNRESET' });
const swallow = (call: Promise<unknown>): Promise<unknown> => call.catch(() => {});

afterEach(() => {
  setOnRetryHooks(null);
  vi.restoreAllMocks();
});

/** A hook whose scopes write down when they are opened and closed. */
function scoped(log: string[], name: string): () => Disposable {
  let opened = 0;
  return () => {
    const id = `${name}${++opened}`;
    log.push(`open ${id}`);
    return { [Symbol.dispose]: () => void log.push(`close ${id}`) };
  };
}

describe('hooks', () => {
  test('are called once per scheduled retry, before the wait, and never for the last failure', async () => {
    const world = virtualWorld();
    const heard: [number, RetryDetails][] = [];
    setOnRetryHooks([(details) => void heard.push([world.now(), details])]);
    const operation = script([reset('first'), reset('second'), reset('third')]);
    const fetchUser = retry({ world, backoff: (number) => number * 1000 })(async function fetchUser(_id: number) {
      return operation();
    });
    await world.run(swallow(fetchUser(7)));
    expect(heard).toMatchObject([
      [0, { name: 'fetchUser', args: [7], retryNum: 1, waitFor: 1000, waitedSoFar: 0, causedBy: { message: 'first' } }],
      [1000, { name: 'fetchUser', retryNum: 2, waitFor: 2000, waitedSoFar: 1000, causedBy: { message: 'second' } }],
    ]);
  });

  test('are called in order: those of the process, the one of the policy, then the listeners', async () => {
    const world = virtualWorld();
    const order: string[] = [];
    setOnRetryHooks([() => void order.push('first'), () => void order.push('second')]);
    const onRetry = (): void => void order.push('onRetry');
    const onEvent = ({ type }: { type: string }): void => void order.push(type);
    await world.run(retry(script([reset(), 'ok']), { world, onRetry, onEvent }));
    expect(order).toEqual(['first', 'second', 'onRetry', 'retry.scheduled', 'call.succeeded']);
  });

  test('open scopes that are closed exactly once, right before the next attempt', async () => {
    const world = virtualWorld();
    const log: string[] = [];
    setOnRetryHooks([scoped(log, 'a'), scoped(log, 'b')]);
    const operation = script([reset(), reset(), 'ok']);
    const policy = retry({ world, backoff: constant('1s'), onRetry: scoped(log, 'own') });
    const run = async (): Promise<string> => {
      log.push('attempt');
      return operation();
    };
    await world.run(policy(run)());
    const round = (n: number): string[] =>
      ['open a', 'open b', 'open own', 'close a', 'close b', 'close own'].map((step) => step + n).concat('attempt');
    expect(log).toEqual(['attempt', ...round(1), ...round(2)]);
    await world.run(policy(async () => 'ok')());
    expect(log).toHaveLength(15);
  });

  test('scopes are closed when the caller aborts during the wait', async () => {
    const world = virtualWorld();
    const log: string[] = [];
    const controller = new AbortController();
    const options = { world, signal: controller.signal, backoff: constant('1h'), onRetry: scoped(log, 'a') };
    const call = retry(script([reset()]), options);
    await world.advance(1);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(log).toEqual(['open a1', 'close a1']);
  });

  test('that throw, reject, or open scopes that throw, never reach the call', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const world = virtualWorld();
    const broken = new Error('broken hook');
    setOnRetryHooks([
      () => {
        throw broken;
      },
      (() => Promise.reject(broken)) as unknown as RetryHook,
      () => ({
        [Symbol.dispose]: () => {
          throw broken;
        },
      }),
    ]);
    await expect(world.run(retry(script([reset(), 'ok']), { world }))).resolves.toBe('ok');
    expect(warn.mock.calls).toEqual(
      Array.from({ length: 3 }, () => ['mulligan: a retry hook of operation threw', broken]),
    );
  });

  test('may open scopes that are functions, such as a subscription', async () => {
    const world = virtualWorld();
    const log = recorder();
    await world.run(retry(script([reset(), 'ok']), { world, onRetry: () => log.listen() }));
    const calls = log.events.length;
    await retry(script(['ok']), { world });
    expect(log.events).toHaveLength(calls);
  });

  test('a factory is asked for its hook when the first retry is scheduled', async () => {
    const world = virtualWorld();
    const hook = vi.fn<RetryHook>();
    const createHook = vi.fn<() => RetryHook>(() => hook);
    setOnRetryHooks([{ createHook }]);
    await retry(script(['ok']), { world });
    expect(createHook).not.toHaveBeenCalled();
    await world.run(retry(script([reset(), reset(), 'ok']), { world }));
    expect(createHook).toHaveBeenCalledOnce();
    expect(hook).toHaveBeenCalledTimes(2);
  });
});

describe('events', () => {
  test('tell of each retry and of the end', async () => {
    const world = virtualWorld({ startAt: 1_000_000 });
    const log = recorder();
    const cause = reset();
    const operation = script([failure(cause, 500), failure(cause, 500), 'ok'], { world });
    await world.run(retry(operation, { world, name: 'fetchUser', backoff: constant('1s'), onEvent: log }));
    const scheduled = {
      type: 'retry.scheduled',
      name: 'fetchUser',
      attempts: 3,
      waitMs: 1000,
      waitSource: 'backoff',
      cause,
    };
    expect(log.events).toEqual([
      { ...scheduled, at: 1_000_500, attempt: 1, waitedMs: 0 },
      { ...scheduled, at: 1_002_000, attempt: 2, waitedMs: 1000 },
      { type: 'call.succeeded', at: 1_003_000, name: 'fetchUser', attempts: 3, durationMs: 3000, waitedMs: 2000 },
    ]);
  });

  test('tell of a call that succeeds at once, and of one that is given up', async () => {
    const world = virtualWorld();
    const log = recorder();
    const error = reset();
    await retry(script(['ok']), { world, onEvent: log });
    await swallow(retry(script([error]), { world, attempts: 1, onEvent: log }));
    expect(log.events).toMatchObject([
      { type: 'call.succeeded', attempts: 1, durationMs: 0, waitedMs: 0 },
      { type: 'call.failed', attempts: 1, reason: 'attempts', error },
    ]);
  });

  test('tell of a value that was not accepted as what caused the retry, and as how the call ended', async () => {
    const world = virtualWorld();
    const log = recorder();
    await world.run(retry(script(['']), { world, attempts: 2, onResult: (text) => text === '', onEvent: log }));
    expect(log.events).toMatchObject([
      { type: 'retry.scheduled', cause: '' },
      { type: 'call.failed', reason: 'attempts', error: '' },
    ]);
  });

  test('onRetry sees what listeners see', async () => {
    const world = virtualWorld();
    const log = recorder();
    const seen: RetryScheduledEvent[] = [];
    const onRetry = (event: RetryScheduledEvent): void => void seen.push(event);
    await world.run(retry(script([reset(), 'ok']), { world, onRetry, onEvent: log }));
    expect(seen).toEqual(log.of('retry.scheduled'));
  });

  test('a listener that comes while a call runs hears the rest of it', async () => {
    const world = virtualWorld();
    const log = recorder();
    const call = retry(script([reset(), 'ok']), { world, backoff: constant('1s') });
    await world.advance(500);
    const subscription = log.listen();
    await world.run(call);
    subscription();
    expect(log.types).toEqual(['call.succeeded']);
  });
});
