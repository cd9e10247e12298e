import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { retry } from '../retry/index.ts';
import { script } from '../testing/index.ts';
import { publishEvents } from './channel.ts';

test('a subscriber of the diagnostics channel gets the very event', async () => {
  const heard: unknown[] = [];
  const onMessage = (message: unknown): void => void heard.push(message);
  subscribe('mulligan:retry.scheduled', onMessage);
  const stop = publishEvents();
  try {
    await retry(script([new Error('once'), 'ok']), { name: 'load', on: Error, backoff: () => 0 });
  } finally {
    stop();
    unsubscribe('mulligan:retry.scheduled', onMessage);
  }
  expect(heard).toEqual([expect.objectContaining({ type: 'retry.scheduled', name: 'load', attempt: 1 })]);
});
