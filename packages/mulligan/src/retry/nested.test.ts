import { describe, expect, test } from 'vitest';
import { recorder, script, type VirtualWorld, virtualWorld } from '../testing/index.ts';
import { constant } from './backoff.ts';
import { ledgerOf } from './ledger.ts';
import type { RetryOptions } from './options.ts';
import { retry } from './retry.ts';
import { retrySync } from './retry-sync.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const errorOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

/** An outer retry around an inner one around an operation that always fails. */
async function nest(world: VirtualWorld, outer: RetryOptions, inner: RetryOptions) {
  const operation = script([reset()]);
  const options = { world, backoff: constant(10) };
  const fetchPage = retry({ ...options, ...inner })(async function fetchPage() {
    return operation();
  });
  const call = retry({ ...options, ...outer })(async function crawl() {
    return fetchPage();
  });
  const error = await world.run(errorOf(call()));
  return { calls: operation.calls, ledger: ledgerOf(error) };
}

describe('a retry inside of a retry', () => {
  test('knows nothing of it unless somebody asks: both make all their attempts', async () => {
    const { calls, ledger } = await nest(virtualWorld(), { attempts: 3 }, { attempts: 4 });
    expect(calls).toBe(12);
    expect(ledger?.entries[0]?.nested).toBeUndefined();
  });

  test('stands in the ledger of the outer one, under the attempt that it ran in', async () => {
    const { ledger } = await nest(virtualWorld(), { attempts: 2, nested: 'allow' }, { attempts: 3 });
    expect(ledger?.name).toBe('crawl');
    expect(ledger?.entries.map(({ nested }) => nested?.map(({ name, attempts }) => [name, attempts]))).toEqual([
      [['fetchPage', 3]],
      [['fetchPage', 3]],
    ]);
  });

  test('makes a single attempt where the outer one says collapse', async () => {
    const { calls, ledger } = await nest(virtualWorld(), { attempts: 3, nested: 'collapse' }, { attempts: 4 });
    expect(calls).toBe(3);
    expect(ledger?.entries[0]?.nested).toMatchObject([{ attempts: 1, reason: 'nested' }]);
  });

  test('may itself say what it does, either way', async () => {
    const allowed = await nest(virtualWorld(), { attempts: 3, nested: 'collapse' }, { attempts: 4, nested: 'allow' });
    expect(allowed.calls).toBe(12);
    const collapsed = await nest(virtualWorld(), { attempts: 3, nested: 'allow' }, { attempts: 4, nested: 'collapse' });
    expect(collapsed.calls).toBe(3);
  });

  test('that says collapse makes all its attempts where no other retry is around it', async () => {
    const operation = script([reset()]);
    const world = virtualWorld();
    await world.run(errorOf(retry(operation, { world, nested: 'collapse' })));
    expect(operation.calls).toBe(3);
  });

  test('is told of once, when both together may make more than ten attempts', async () => {
    const world = virtualWorld();
    const log = recorder();
    await nest(world, { attempts: 3, nested: 'allow' }, { attempts: 4, onEvent: log });
    expect(log.of('retry.nested')).toMatchObject([{ name: 'fetchPage', outer: 'crawl', attempts: 12 }]);
    log.clear();
    await nest(world, { attempts: 2, nested: 'allow' }, { attempts: 5, onEvent: log });
    await nest(world, { attempts: 9, nested: 'collapse' }, { attempts: 9, onEvent: log });
    expect(log.of('retry.nested')).toEqual([]);
  });

  test('three deep, everything inside of collapse collapses', async () => {
    const world = virtualWorld();
    const operation = script([reset()]);
    const options = { world, backoff: constant(1) };
    const call = retry(() => retry(() => retry(operation, options), options), { ...options, nested: 'collapse' });
    await world.run(errorOf(call));
    expect(operation.calls).toBe(3);
  });

  test('beside others, each sees the call around itself only', async () => {
    const world = virtualWorld();
    const options = { world, backoff: constant(5) };
    const alone = script([reset()]);
    const inside = script([reset()]);
    await world.run(
      Promise.all([
        errorOf(retry(() => retry(inside, options), { ...options, nested: 'collapse' })),
        errorOf(retry(alone, { ...options, attempts: 7 })),
      ]),
    );
    expect(inside.calls).toBe(3);
    expect(alone.calls).toBe(7);
  });

  test('that blocks is seen, too', () => {
    const world = virtualWorld();
    let calls = 0;
    const fail = (): never => {
      calls++;
      throw reset();
    };
    const inner = retrySync({ world })(fail);
    expect(() => retrySync(() => inner(), { world, nested: 'collapse' })).toThrow('socket hang up');
    expect(calls).toBe(3);
  });
});
