import { register } from 'prom-client';
import { expect, test } from 'vitest';
import { retry } from '../retry/index.ts';
import { script } from '../testing/index.ts';
import { instrument } from './auto.ts';

test('instrument counts with what is installed, and stops when told to', async () => {
  const stop = await instrument();
  await retry(script(['ok']), { name: 'automatic' });
  stop();
  await retry(script(['ok']), { name: 'automatic' });
  expect(await register.metrics()).toContain('mulligan_calls_total{callable="automatic",result="success"} 1');
});
