import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type RunningServer, startServer } from '@mulligan/proxy';
import { plainThrough } from './support/client.ts';
import { startFaultyProxy } from './support/faulty-proxy.ts';
import { start } from './support/gateway.ts';
import { freePort } from './support/listening.ts';
import { startOrigin } from './support/origin.ts';
import { describeWithProgram } from './support/program.ts';
import { root } from './support/root.ts';
import { startProgram } from './support/started-program.ts';
import { startWorkingProxy } from './support/working-proxy.ts';

const page = readFileSync(join(root, 'docs/api.md'), 'utf8');

/** A server with a working proxy and a faulty one, after three requests of which one needed a retry at least. */
async function withTraffic(): Promise<RunningServer> {
  const [origin, working, faulty] = [
    await start(startOrigin()),
    await start(startWorkingProxy()),
    await start(startFaultyProxy('closes without an answer')),
  ];
  const proxies = [
    { id: 'faulty', url: faulty.url },
    { id: 'working', url: working.url },
  ];
  const retryPolicy = { baseDelay: 100 };
  const server = await start(
    startServer({
      rotator: { proxies, retryPolicy, strategy: 'round-robin', circuitBreaker: { failures: 2 }, budget: null },
      gateway: { port: 0 },
      api: { port: 0 },
    }),
  );
  const proxyPort = Number(new URL(server.gateway).port);
  for (let request = 0; request < 3; request++) {
    expect(await plainThrough({ proxyPort, url: origin.url })).toMatchObject({ status: 200 });
  }
  return server;
}

/** Starts a Prometheus as docs/api.md configures it, which scrapes the server twice a second. */
async function scraping(program: string, { api, token = '' }: RunningServer): Promise<string> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'mulligan-prometheus-'))];
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [, shown = ''] = /```yaml\n([^]*?)```/u.exec(page) ?? [];
  const config = shown
    .replace('15s', '500ms')
    .replace('credentials: TOKEN', `credentials: ${token}`)
    .replace('127.0.0.1:8000', new URL(api).host);
  // The limit of a scrape may be no longer than the time between two.
  writeFileSync(join(folder, 'prometheus.yml'), `global:\n  scrape_timeout: 500ms\n${config}`);
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const prometheus = await startProgram(program, args, port);
  onTestFinished(() => prometheus.close());
  return `http://127.0.0.1:${port}`;
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** What Prometheus answers to a query; nothing while it is still starting. */
async function query(prometheus: string, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  if (response.status === 400 || response.status === 422) throw new Error(await response.text());
  if (!response.ok) return [];
  const { data } = (await response.json()) as { data: { result: readonly Sample[] } };
  return data.result;
}

describeWithProgram('prometheus', 'Prometheus', (program) => {
  test('scrapes the names of the original beside ours, and answers a query', async () => {
    const server = await withTraffic();
    const prometheus = await scraping(program, server);
    const valueOf = async (expression: string): Promise<number | undefined> => {
      const [sample] = await query(prometheus, expression);
      return sample === undefined ? undefined : Number(sample.value[1]);
    };
    await expect.poll(() => valueOf('up{job="mulligan"}'), { timeout: 30_000 }).toBe(1);

    const summary = server.rotator.getRetryMetrics().getSummary();
    expect(summary.totalRetries).toBeGreaterThan(3);
    const expected: Record<string, number | undefined> = {
      proxywhirl_total_retries: summary.totalRetries,
      proxywhirl_cb_events: summary.circuitBreakerEventsCount,
      'proxywhirl_success_by_attempt{attempt="0"}': summary.successByAttempt[0],
      'proxywhirl_success_by_attempt{attempt="1"}': summary.successByAttempt[1],
      proxywhirl_proxies_total: 2,
      'proxywhirl_circuit_breaker_state{proxy_id="working"}': 0,
      'mulligan_requests_total{outcome="success"}': 3,
      'sum(mulligan_attempts_total)': summary.totalAttempts,
      mulligan_retry_wait_seconds_count: summary.retriesOnly,
      'mulligan_proxy_success_ratio{proxy_id="working"}': 1,
    };
    for (const [expression, value] of Object.entries(expected)) {
      await expect.poll(() => valueOf(expression), { message: expression }).toBe(value);
    }
    const questions = [...page.matchAll(/^\| .* \| `(?<expression>.*mulligan_.*|.*proxywhirl_.*)` \|$/gmu)];
    expect(questions.length).toBeGreaterThan(3);
    for (const { groups } of questions) await query(prometheus, groups?.['expression'] ?? '');
    // Prometheus itself is the one who asked.
    await expect
      .poll(() => valueOf('proxywhirl_requests_total{endpoint="/metrics",method="GET",status="200"}'))
      .toBeGreaterThan(0);
  });
});

describeWithProgram('promtool', 'promtool', (program) => {
  test('finds every metric well formed, and well named but for one name of the original', async () => {
    const { api } = await withTraffic();
    const input = await (await fetch(`${api}/metrics`)).text();
    const { stdout, stderr } = spawnSync(program, ['check', 'metrics'], { input, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({
      stdout: '',
      stderr: 'proxywhirl_proxies_total non-counter metrics should not have "_total" suffix\n',
    });
  });
});
