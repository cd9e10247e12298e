import { describe, expect, test, vi } from 'vitest';
import type { AttemptContext } from '../kernel/index.ts';
import { recorder, script, value, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const endless = (): Promise<never> => new Promise(() => {});

describe.each(['option', 'execute'] as const)('an abort by the signal of the %s', (by) => {
  const start = (operation: (attempt: AttemptContext) => unknown, options: object, signal: AbortSignal) =>
    by === 'option' ? retry(operation, { ...options, signal }) : retry(options).execute(operation, { signal });

  test('ends a wait at the same instant, and no further attempt is made', async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const operation = script([reset()]);
    const call = start(operation, { world, backoff: constant('1h') }, controller.signal);
    const settled = vi.fn<() => void>();
    call.catch(settled);
    await world.advance(1234);
    expect(settled).not.toHaveBeenCalled();
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(world.now()).toBe(1234);
    await world.advance('2h');
    expect(operation.calls).toBe(1);
  });

  test('ends a running attempt at the same instant, whether or not it listens', async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const call = start(
      (attempt) => {
        ({ signal } = attempt);
        return endless();
      },
      { world },
      controller.signal,
    );
    await world.advance(50);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(signal?.reason).toBe('enough');
  });

  test('is never retried, whatever on says', async () => {
    const world = virtualWorld();
    const controller = new AbortController();
    const operation = vi.fn<(attempt: AttemptContext) => Promise<never>>(async ({ signal }) => {
      controller.abort(new Error('enough'));
      throw signal.reason;
    });
    const call = start(operation, { world, on: () => true }, controller.signal);
    await expect(call).rejects.toThrow('enough');
    expect(operation).toHaveBeenCalledOnce();
    expect(ledgerOf(controller.signal.reason)).toMatchObject({ reason: 'aborted' });
  });

  test('before the call: nothing runs', async () => {
    const operation = script(['ok']);
    await expect(start(operation, {}, AbortSignal.abort('before'))).rejects.toBe('before');
    expect(operation.calls).toBe(0);
  });

  test('after the call: nothing happens', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    await expect(start(script(['ok']), {}, controller.signal)).resolves.toBe('ok');
    const added = vi.spyOn(controller.signal, 'addEventListener');
    controller.abort();
    expect(added).not.toHaveBeenCalled();
    expect(remove.mock.calls.length).toBeLessThanOrEqual(1);
  });

  test('is not dressed up by onExhausted', async () => {
    const controller = new AbortController();
    const onExhausted = vi.fn<() => Error>(() => new Error('dressed up'));
    const call = start(endless, { onExhausted }, controller.signal);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(onExhausted).not.toHaveBeenCalled();
  });
});

test('either of two signals ends the call', async () => {
  for (const who of [0, 1]) {
    const controllers = [new AbortController(), new AbortController()] as const;
    const call = retry({ signal: controllers[0].signal }).execute(endless, { signal: controllers[1].signal });
    controllers[who]?.abort(`by ${who}`);
    await expect(call).rejects.toBe(`by ${who}`);
  }
});

test('an abort that comes before the value wins over it, one that comes after changes nothing', async () => {
  const before = new AbortController();
  const abortsItself = async (): Promise<string> => {
    before.abort('enough');
    return 'ok';
  };
  await expect(retry(abortsItself, { signal: before.signal })).rejects.toBe('enough');
  const world = virtualWorld();
  const after = new AbortController();
  const call = retry(script([value('ok', 5)], { world }), { world, signal: after.signal });
  await world.run(call);
  after.abort('late');
  await expect(call).resolves.toBe('ok');
});

test('an abort is told to listeners as the reason of the failure', async () => {
  const controller = new AbortController();
  const log = recorder();
  const call = retry(endless, { signal: controller.signal, onEvent: log });
  controller.abort('enough');
  await expect(call).rejects.toBe('enough');
  expect(log.of('call.failed')).toMatchObject([{ reason: 'aborted', error: 'enough', attempts: 1 }]);
});
