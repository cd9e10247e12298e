import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type RunningServer, type ServerOptions, startServer } from '@mulligan/proxy';
import { plainThrough } from '../../../test/support/client.ts';
import { listening } from '../../../test/support/listening.ts';
import { describeWithProgram } from '../../../test/support/program.ts';
import { root } from '../../../test/support/root.ts';
import { startWorkingProxy } from '../../../test/support/working-proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'mulligan-dashboard-'));
let browser: Browser;

/** A gateway with two proxies: one works, the other ends every connection. */
async function startGateway(options: Partial<ServerOptions> = {}) {
  const good = await startWorkingProxy();
  const origin = await listening(createServer((_, response) => response.end('hello')));
  const bad = await listening(createTcpServer((socket) => socket.resetAndDestroy()));
  const settings: ServerOptions = {
    rotator: {
      proxies: [`http://127.0.0.1:${bad.port}`, { url: good.url, region: 'here' }],
      strategy: 'round-robin',
      retryPolicy: { baseDelay: 100 },
      circuitBreaker: { failures: 2, openFor: '1h' },
      budget: null,
    },
    ...options,
    gateway: { port: 0, ...options.gateway },
    api: { port: 0, dashboard: pathToFileURL(`${folder}/`), ...options.api },
  };
  let server = await startServer(settings);
  onTestFinished(async () => void (await Promise.all([server, good, origin, bad].map((each) => each.close()))));
  const portOf = (address: string): number => Number(new URL(address).port);
  return {
    get server(): RunningServer {
      return server;
    },
    badId: `127.0.0.1:${bad.port}`,
    goodId: `127.0.0.1:${good.port}`,
    async request(times = 1): Promise<void> {
      const url = `http://127.0.0.1:${origin.port}/`;
      for (let count = 0; count < times; count++) await plainThrough({ proxyPort: portOf(server.gateway), url });
    },
    /** Ends the server, and gives a way to start it again at the same addresses. */
    async stop(): Promise<() => Promise<void>> {
      const { gateway, api, token } = server;
      await server.close();
      return async () => {
        const again = { ...settings.api, port: portOf(api), ...(token === undefined ? {} : { token }) };
        server = await startServer({ ...settings, gateway: { port: portOf(gateway) }, api: again });
      };
    },
  };
}

/** Opens a page, and fails the test for every error that it reports and every request that leaves the server. */
async function open(address: string, { width = 1280, dark = false, expected = ['ERR_'] } = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    const isExpected = expected.some((text) => message.text().includes(text));
    if (message.type() === 'error' && !isExpected) problems.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(address).host) problems.push(`asked for ${request.url()}`);
  });
  onTestFinished(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });
  await page.goto(address);
  return page;
}

const figure = (page: Page, label: string) => page.locator('.figure', { hasText: label }).locator('.value');

describeWithProgram(
  ['chromium', 'chromium-browser', 'google-chrome'],
  'the page in a real browser',
  (executablePath) => {
    beforeAll(async () => {
      const outDir = { build: { outDir: folder, emptyOutDir: true }, logLevel: 'silent' } as const;
      await build({ root: join(root, 'apps/dashboard'), ...outDir });
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    test('it shows what happens, as it happens', async () => {
      const gateway = await startGateway();
      const page = await open(gateway.server.dashboard);
      await page.getByText('No requests yet').waitFor();
      await gateway.request(4);
      await page.locator('.requests summary').nth(3).waitFor();
      await page.getByText('4 since the start').waitFor();
      expect(await figure(page, 'Success rate').textContent()).toBe('100%');
      expect(await figure(page, 'Open breakers').textContent()).toBe('1 of 2');
      const bad = page.locator('.proxies tbody tr', { hasText: gateway.badId });
      await bad.getByText(/^test in \d+ s$/u).waitFor();
      expect(await page.title()).toBe('100% · mulligan');
    });

    test('a request is opened to see its attempts', async () => {
      const gateway = await startGateway();
      await gateway.request(2);
      const page = await open(gateway.server.dashboard);
      await page.getByRole('button', { name: 'Retried' }).click();
      const request = page.locator('.requests li', { has: page.locator('.mark-bad') }).first();
      await request.locator('summary').click();
      const attempts = request.locator('.attempts li');
      expect(await attempts.nth(0).textContent()).toContain('the connection was');
      expect(await attempts.nth(1).textContent()).toContain(gateway.goodId);
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    });

    test('the token leaves the address, and lasts until the tab is closed', async () => {
      const gateway = await startGateway();
      const page = await open(gateway.server.dashboard);
      await page.getByText('Live').waitFor();
      expect(page.url()).toBe(`${gateway.server.api}/`);
      await page.reload();
      await page.getByText('Live').waitFor();
      expect(await page.getByText('Read only').count()).toBe(0);
    });

    test('a breaker is closed by a click', async () => {
      const gateway = await startGateway();
      await gateway.request(4);
      const page = await open(gateway.server.dashboard);
      await page.getByRole('button', { name: `Reset the breaker of ${gateway.badId}` }).click();
      await page.getByText(`The breaker of ${gateway.badId} is closed again.`).waitFor();
      expect(gateway.server.rotator.pool.get(gateway.badId)?.breaker.state).toBe('closed');
      expect(await page.getByRole('button', { name: /^Reset/u }).count()).toBe(0);
    });

    test('without the token it shows everything and changes nothing, until the token is entered', async () => {
      const gateway = await startGateway();
      await gateway.request(4);
      const page = await open(gateway.server.api);
      const reset = page.getByRole('button', { name: /^Reset/u });
      expect(await reset.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Read only' }).click();
      await page.getByLabel('Token').fill(gateway.server.token!);
      await page.getByRole('button', { name: 'Open' }).click();
      await reset.waitFor();
      expect(await reset.isDisabled()).toBe(false);
    });

    test('a token that is not right any more is forgotten', async () => {
      const gateway = await startGateway();
      await gateway.request(4);
      const page = await open(`${gateway.server.api}/#token=of-an-earlier-process`, { expected: ['401'] });
      await page.getByRole('button', { name: /^Reset/u }).click();
      await page.getByText('Not reset').waitFor();
      await page.getByRole('button', { name: 'Read only' }).waitFor();
      expect(gateway.server.rotator.pool.get(gateway.badId)?.breaker.state).toBe('open');
    });

    test('it says that the connection is lost, and goes on when the server is back', async () => {
      const gateway = await startGateway();
      await gateway.request(3);
      const page = await open(gateway.server.dashboard);
      await page.locator('.requests summary').nth(2).waitFor();
      const start = await gateway.stop();
      await page.getByText('What you see is').waitFor();
      expect(await page.title()).toBe('Connection lost · mulligan');
      expect(await page.locator('.requests summary').count()).toBe(3);
      await page.getByRole('button', { name: 'Try now' }).click();
      await start();
      await page.getByRole('status').getByText('Live').waitFor();
      await gateway.request(1);
      await page.getByText('1 since the start').waitFor();
    });

    test('it can be used with the keyboard alone', async () => {
      const gateway = await startGateway();
      await gateway.request(4);
      const page = await open(gateway.server.dashboard);
      await page.getByRole('button', { name: /^Reset/u }).waitFor();
      const focused = () => page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent');
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab');
        if (String(await focused()).startsWith('Reset')) break;
      }
      await page.keyboard.press('Enter');
      await page.getByText('is closed again').waitFor();
    });

    test.each([
      [1280, false],
      [1280, true],
      [390, false],
      [390, true],
    ])('at a width of %d (dark: %s) nothing is cut off, and axe finds nothing', async (width, dark) => {
      const gateway = await startGateway();
      await gateway.request(5);
      const page = await open(gateway.server.dashboard, { width, dark });
      await page.locator('.requests summary').nth(4).waitFor();
      await page.locator('.requests summary').first().click();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });

    test('nothing that it loads is large', async () => {
      const gateway = await startGateway();
      const page = await open(gateway.server.dashboard);
      await page.getByText('Live').waitFor();
      const bytes = await page.evaluate(
        `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
      );
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(100_000);
    });
  },
);
