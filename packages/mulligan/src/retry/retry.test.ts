import { expect, test, vi } from 'vitest';
import { virtualWorld } from '../testing/index.ts';
import { TimeoutError } from '../kernel/index.ts';
import { ledgerOf } from './ledger.ts';
import { retry } from './retry.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

test('a call that fails twice succeeds on the third attempt', async () => {
  const world = virtualWorld();
  const operation = vi.fn().mockRejectedValueOnce(reset()).mockRejectedValueOnce(reset()).mockResolvedValue('ok');
  await expect(world.run(retry(operation, { world }))).resolves.toBe('ok');
  expect(operation).toHaveBeenCalledTimes(3);
});

test('a 100 ms timeout ends a 900 ms attempt at 100 ms and aborts its signal', async () => {
  const world = virtualWorld();
  let signal: AbortSignal | undefined;
  const call = retry(
    (attempt) => {
      signal = attempt.signal;
      return new Promise<void>((resolve) => void world.setTimer(resolve, 900));
    },
    { timeout: 100, world },
  );
  const error = await world.run(call.catch((reason: unknown) => reason));
  expect(world.now()).toBe(100);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(signal?.aborted).toBe(true);
  expect(ledgerOf(error)?.reason).toBe('deadline');
});

test('a day of waiting passes at once', async () => {
  const world = virtualWorld();
  const call = retry(() => Promise.reject(reset()), { world, attempts: 3, backoff: () => 43_200_000 });
  await expect(world.run(call)).rejects.toThrow('socket hang up');
  expect(world.now()).toBe(86_400_000);
});
