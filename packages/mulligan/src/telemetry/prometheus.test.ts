import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { retry } from '../retry/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { prometheusListener } from './prometheus.ts';

async function scrapeAfter(
  work: (onEvent: ReturnType<typeof prometheusListener>) => Promise<unknown>,
): Promise<string> {
  const register = new Registry();
  await work(prometheusListener({ register }));
  return register.metrics();
}

test('Prometheus counts retries by callable, number and kind of error', async () => {
  const world = virtualWorld();
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const text = await scrapeAfter((onEvent) =>
    world.run(retry(script([reset, reset, 'ok']), { name: 'load', world, backoff: () => 500, onEvent })),
  );
  expect(text).toContain('mulligan_retries_total{callable="load",retry_num="1",error_type="ECONNRESET"} 1');
  expect(text).toContain('mulligan_retries_total{callable="load",retry_num="2",error_type="ECONNRESET"} 1');
  expect(text).toContain('mulligan_calls_total{callable="load",result="success"} 1');
  expect(text).toContain('mulligan_call_duration_seconds_sum{callable="load"} 1\n');
  expect(text).toContain('mulligan_call_retries_sum{callable="load"} 2');
  expect(text).toContain('mulligan_retry_delay_seconds_sum{callable="load",source="backoff"} 1');
});

test('a call that is given up counts under its reason', async () => {
  const text = await scrapeAfter((onEvent) =>
    retry(script([new TypeError('wrong')]), { name: 'save', onEvent }).catch(() => undefined),
  );
  expect(text).toContain('mulligan_calls_total{callable="save",result="not-retryable"} 1');
});

test('a call without a limit of attempts makes no series without a limit', async () => {
  const failures = Array.from({ length: 30 }, () => new Error('no'));
  const text = await scrapeAfter((onEvent) =>
    retry(script<string>([...failures, 'ok']), { attempts: Infinity, on: Error, backoff: () => 0, onEvent }),
  );
  const labels = text.match(/retry_num="[^"]+"/g) ?? [];
  expect(new Set(labels).size).toBe(10);
  expect(text).toContain('retry_num="10+",error_type="Error"} 21');
});

test('two listeners on one registry share their metrics', async () => {
  const register = new Registry();
  const onEvents = [prometheusListener({ register }), prometheusListener({ register })];
  for (const onEvent of onEvents) await retry(script(['ok']), { name: 'load', onEvent });
  expect(await register.metrics()).toContain('mulligan_calls_total{callable="load",result="success"} 2');
});

test('a circuit breaker is 1 in the state that it is in and 0 in every other', async () => {
  const text = await scrapeAfter(async (onEvent) => {
    const transition = { type: 'breaker.transition', at: 0, name: 'db', from: 'closed', to: 'open' } as const;
    onEvent({ ...transition, reason: 'failures', failures: 5 });
    onEvent({ type: 'breaker.rejected', at: 0, name: 'db', retryAfterMs: 1000 });
  });
  expect(text).toContain('mulligan_circuit_breaker_state{name="db",state="open"} 1');
  expect(text).toContain('mulligan_circuit_breaker_state{name="db",state="closed"} 0');
  expect(text).toContain('mulligan_circuit_breaker_transitions_total{name="db",from="closed",to="open"} 1');
  expect(text).toContain('mulligan_circuit_breaker_rejections_total{name="db"} 1');
});

test('what has no metric of its own counts by its type', async () => {
  const text = await scrapeAfter(async (onEvent) => {
    onEvent({ type: 'hedge.won', at: 0, name: 'search', hedge: 1, durationMs: 20 });
    onEvent({ type: 'fallback.used', at: 0, name: 'search', cause: new Error('no') });
  });
  expect(text).toContain('mulligan_events_total{name="search",type="hedge.won"} 1');
  expect(text).toContain('mulligan_events_total{name="search",type="fallback.used"} 1');
});
