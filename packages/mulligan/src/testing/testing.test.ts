import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pipeline } from '../kernel/index.ts';
import { retry } from '../retry/index.ts';
import { chaos, failure, recorder, script, seededRandom, value, virtualWorld } from './index.ts';

test('a script ends each call as it says and repeats its last outcome', async () => {
  const operation = script([new Error('first'), 'second']);
  await expect(operation()).rejects.toThrow('first');
  await expect(operation()).resolves.toBe('second');
  await expect(operation()).resolves.toBe('second');
  expect(operation.calls).toBe(3);
});

test('a script that must not repeat says when it is called too often', async () => {
  const operation = script(['only'], { atEnd: 'fail' });
  await operation();
  await expect(operation()).rejects.toThrow('the script has 1 outcomes, but was called 2 times');
});

test('a step that takes time ends when its attempt is aborted', async () => {
  const world = virtualWorld();
  const operation = script([value('late', '1h')], { world });
  const call = retry(operation, { world, timeout: '1s' });
  await expect(world.run(call)).rejects.toThrow('took longer than 1000 ms');
  expect(world.now()).toBe(1000);
  expect(world.pendingTimers).toBe(0);
});

test('a step can throw what is no error at all', async () => {
  const operation = script<string>([failure(undefined), 'fine']);
  await expect(retry(operation, { on: () => true, backoff: () => 0 })).resolves.toBe('fine');
});

test('a recorder remembers what happened to the calls it was given to', async () => {
  const world = virtualWorld();
  const record = recorder();
  const operation = script([new Error('no'), new Error('no'), 'yes']);
  await world.run(retry(operation, { on: Error, world, backoff: (n) => n * 10, onEvent: record }));
  expect(record.types).toEqual(['retry.scheduled', 'retry.scheduled', 'call.succeeded']);
  expect(record.waitsMs).toEqual([10, 20]);
  expect(record.of('call.succeeded')[0]?.attempts).toBe(3);
  record.clear();
  expect(record.events).toEqual([]);
});

test('chaos with a seed fails the same attempts every time', async () => {
  const play = async (): Promise<string[]> => {
    const unlucky = chaos({ rate: 0.3, fault: () => new Error('injected'), seed: 42 });
    const ends = Array.from({ length: 100 }, () =>
      unlucky.execute(() => 'ok').catch((error: unknown) => (error as Error).message),
    );
    return Promise.all(ends);
  };
  const first = await play();
  expect(await play()).toEqual(first);
  const failed = first.filter((end) => end === 'injected').length;
  expect(failed).toBeGreaterThan(15);
  expect(failed).toBeLessThan(45);
});

test('a retry around chaos gets through', async () => {
  const world = virtualWorld();
  const policy = pipeline(
    retry({ on: Error, attempts: 20, world }),
    chaos({ rate: 0.5, fault: () => new Error('injected'), latency: 50, seed: 3 }),
  );
  await expect(world.run(policy.execute(() => 'through'))).resolves.toBe('through');
});

test('chaos that would do nothing says so', () => {
  expect(() => chaos({ rate: 0.5 })).toThrow('chaos needs at least one of fault, outcome and latency');
});

test('timers of a virtual world fire in the order of their times, and first come first served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }), async (delays) => {
      const world = virtualWorld();
      const fired: number[] = [];
      delays.forEach((delay, index) => void world.setTimer(() => fired.push(index), delay));
      await world.advance(50);
      const expected = delays.map((delay, index) => ({ delay, index })).toSorted((a, b) => a.delay - b.delay);
      expect(fired).toEqual(expected.map(({ index }) => index));
      expect(world.now()).toBe(50);
    }),
  );
});

test('work that waits for something else than time is reported, not hung', async () => {
  const world = virtualWorld();
  await expect(world.run(new Promise(() => undefined))).rejects.toThrow('no timer of this virtual world');
});

test('the same seed gives the same chance, always from 0 to 1', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const [one, other] = [seededRandom(seed), seededRandom(seed)];
      for (let i = 0; i < 20; i++) {
        const drawn = one();
        expect(drawn).toBe(other());
        expect(drawn >= 0 && drawn < 1).toBe(true);
      }
    }),
  );
});
