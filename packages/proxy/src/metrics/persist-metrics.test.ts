import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualWorld } from 'mulligan/testing';
import { expect, onTestFinished, test } from 'vitest';
import { persistMetrics, RetryMetrics } from './index.ts';

const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mulligan-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

function fill(metrics: RetryMetrics, at: number): void {
  const attempt = { requestId: 'r', attemptNumber: 0, proxyId: 'a:1', at, delayBeforeMs: 50, latencyMs: 100 } as const;
  metrics.record({ ...attempt, outcome: 'failure' });
  metrics.record({ ...attempt, outcome: 'success', attemptNumber: 2 });
  metrics.recordBreakerEvent({ proxyId: 'a:1', from: 'closed', to: 'open', at, failureCount: 5 });
}

const answers = (metrics: RetryMetrics): unknown => [
  metrics.getSummary(),
  metrics.getTimeseries(),
  [...metrics.getByProxy()],
  metrics.getBreakerEvents(),
];

test('what was written down is taken up again, exactly', async () => {
  const world = virtualWorld();
  const metrics = new RetryMetrics({ world });
  fill(metrics, world.wallNow());
  await world.advance('3h');
  fill(metrics, world.wallNow());
  const snapshot = JSON.parse(JSON.stringify(metrics.snapshot())) as ReturnType<RetryMetrics['snapshot']>;
  const again = new RetryMetrics({ world });
  again.restore(snapshot);
  expect(answers(again)).toEqual(answers(metrics));
  await world.advance('22h');
  again.restore({ hours: [], breakerEvents: [] });
  expect(again.getSummary().totalAttempts).toBe(2);
});

test.skipIf(hasSqlite)('where Node cannot keep a file, a sentence says so', async () => {
  const path = join(await folder(), 'metrics.db');
  expect(() => persistMetrics(new RetryMetrics(), path)).toThrow('only where Node has node:sqlite (from 22.13)');
});

test.runIf(hasSqlite)('a file keeps the sums from one process to the next', async () => {
  const path = join(await folder(), 'metrics.db');
  const world = virtualWorld();
  const first = new RetryMetrics({ world });
  const kept = persistMetrics(first, path, { world });
  fill(first, world.wallNow());
  await world.advance('1h');
  fill(first, world.wallNow());
  kept.close();
  kept.close();
  expect(world.pendingTimers).toBe(0);
  const second = new RetryMetrics({ world });
  persistMetrics(second, path, { world }).close();
  expect(answers(second)).toEqual(answers(first));
  await world.advance('30h');
  const third = new RetryMetrics({ world });
  persistMetrics(third, path, { world }).close();
  expect(third.getSummary().totalAttempts).toBe(0);
});

test.runIf(hasSqlite)('what is new is written every minute', async () => {
  const path = join(await folder(), 'metrics.db');
  const world = virtualWorld();
  const metrics = new RetryMetrics({ world });
  const kept = persistMetrics(metrics, path, { world });
  onTestFinished(() => kept.close());
  fill(metrics, world.wallNow());
  await world.advance('1m');
  const other = new RetryMetrics({ world });
  persistMetrics(other, path, { world }).close();
  expect(answers(other)).toEqual(answers(metrics));
});

test.runIf(hasSqlite)('a file that is something else is answered in a sentence', async () => {
  const path = join(await folder(), 'metrics.db');
  await writeFile(path, 'this is no database, and longer than its header would be'.repeat(20));
  expect(() => persistMetrics(new RetryMetrics(), path)).toThrow(
    /metrics cannot be kept in .*: file is not a database/,
  );
});
