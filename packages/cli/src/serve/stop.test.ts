import { virtualWorld } from 'mulligan/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stopRequested } from './stop.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function listen() {
  const world = virtualWorld();
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const before = signals.map((signal) => process.listeners(signal));
  onTestFinished(() => {
    exit.mockRestore();
    for (const [index, signal] of signals.entries()) {
      for (const listener of process.listeners(signal))
        if (!before[index]?.includes(listener)) process.off(signal, listener);
    }
  });
  return { world, stop: stopRequested(world) };
}

test.each(signals)('%s asks for an orderly end', async (signal) => {
  const { stop } = listen();
  process.emit(signal);
  await expect(stop).resolves.toBeUndefined();
});

test('the same Ctrl-C, passed on by a parent, does not count as a second', async () => {
  const { world } = listen();
  process.emit('SIGINT');
  await world.advance(200);
  expect(() => process.emit('SIGINT')).not.toThrow();
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a later %s ends the process at once', async (signal, code) => {
  const { world } = listen();
  process.emit('SIGINT');
  await world.advance(201);
  expect(() => process.emit(signal)).toThrow(`exit ${code}`);
});
